package dev.culvert.app.config;

import dev.culvert.tun.sys.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Configuration files: where they are looked for, and reading them. */
final class ConfigFiles {
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final List<String> DIRECTORIES =
            List.of("config/wg_confs", "config/wireguard", "config", "etc/wireguard");

    private ConfigFiles() {}

    /** Of the first directory that has any, sorted by name; empty: there is none. */
    static List<Path> find(Path root) throws ConfigException {
        for (String directory : DIRECTORIES) {
            List<Path> files = list(root.resolve(directory));
            if (!files.isEmpty()) {
                return files;
            }
        }
        return List.of();
    }

    /** Of one directory, sorted by name; empty: there is none, or no directory. */
    static List<Path> list(Path directory) throws ConfigException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*.conf")) {
            stream.forEach(files::add);
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException none) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            throw new ConfigException(
                    directory.toString(),
                    "cannot be listed: " + reason(unreadable) + owner(unreadable, directory));
        }
        Collections.sort(files);
        return files;
    }

    /** The directories, for a message. */
    static String places() {
        return "/" + String.join("/*.conf, /", DIRECTORIES) + "/*.conf";
    }

    /**
     * The bytes, to be zeroed by the caller.
     *
     * @param source what the message names
     */
    static byte[] read(String source, Path file, int maxBytes) throws ConfigException {
        byte[] buf = new byte[4096];
        int length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            while (true) {
                int read = in.read(buf, length, buf.length - length);
                if (read < 0) {
                    return Arrays.copyOf(buf, length);
                }
                length += read;
                if (length > maxBytes) {
                    throw new ConfigException(
                            source, file + " has more than " + maxBytes + " bytes");
                }
                if (length == buf.length) {
                    byte[] larger = Arrays.copyOf(buf, 2 * length);
                    Arrays.fill(buf, (byte) 0);
                    buf = larger;
                }
            }
        } catch (IOException unreadable) {
            String of = source.equals(file.toString()) ? "" : file + " ";
            throw new ConfigException(
                    source, of + "cannot be read: " + reason(unreadable) + owner(unreadable, file));
        } finally {
            Arrays.fill(buf, (byte) 0);
        }
    }

    static boolean isReadableByEveryone(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** Whose it is, for whom that keeps from reading it; empty: that is not why. */
    private static String owner(Exception why, Path file) {
        try {
            if (!(why instanceof AccessDeniedException) || isOwn(file)) {
                return "";
            }
            int owner = (int) Files.getAttribute(file, "unix:uid");
            int user = Libc.geteuid();
            return ": it belongs to user "
                    + owner
                    + ", and this is user "
                    + user
                    + (user == 0 ? " without CAP_DAC_OVERRIDE" : "")
                    + "; chown "
                    + user
                    + (user == 0 ? " it, or add the capability" : " it");
        } catch (IOException | UnsupportedOperationException unknown) {
            return "";
        }
    }

    /** Whether it belongs to the user of this process. */
    static boolean isOwn(Path file) {
        try {
            return Files.getAttribute(file, "unix:uid").equals(Libc.geteuid());
        } catch (IOException | UnsupportedOperationException unknown) {
            return true;
        }
    }

    private static String reason(Exception why) {
        return switch (why) {
            case NoSuchFileException no -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(why.getMessage());
        };
    }
}
