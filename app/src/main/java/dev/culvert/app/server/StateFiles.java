package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * Files and folders for their owner alone, which appear whole or not at all, also after a crash:
 * written beside, synced, renamed.
 */
final class StateFiles {
    /** In front of what is not done yet, or not wanted any more. */
    static final String UNFINISHED = ".unfinished-";

    private static final String LOCK = ".lock";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private StateFiles() {}

    /** Keeps other processes out until it is closed. */
    record Lock(Path folder, FileChannel channel, FileLock held) implements AutoCloseable {
        @Override
        public void close() throws ConfigException {
            try {
                held.release();
                channel.close();
            } catch (IOException failed) {
                throw problem(folder, "cannot be written to", failed);
            }
        }
    }

    /** Waits for other processes. */
    static Lock lock(Path folder) throws ConfigException {
        try {
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OWNER_FILE);
            return new Lock(folder, channel, channel.lock());
        } catch (IOException refused) {
            throw problem(folder, "cannot be written to", refused);
        }
    }

    /** A file, or its new content. */
    static void write(Path file, byte[] content) throws ConfigException {
        Path folder = folderOf(file);
        Path beside = folder.resolve(UNFINISHED + file.getFileName());
        try {
            Files.deleteIfExists(beside);
            writeSynced(beside, content);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
        } catch (IOException refused) {
            throw problem(file, "cannot be written", refused);
        }
    }

    /** A new folder with its files. */
    static void writeFolder(Path folder, Map<String, byte[]> files) throws ConfigException {
        Path parent = folderOf(folder);
        Path beside = parent.resolve(UNFINISHED + folder.getFileName());
        try {
            delete(beside);
            Files.createDirectory(beside, OWNER_FOLDER);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                writeSynced(beside.resolve(file.getKey()), file.getValue());
            }
            sync(beside);
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
            sync(parent);
        } catch (IOException refused) {
            throw problem(folder, "cannot be written", refused);
        }
    }

    /** A whole folder, which disappears at once. */
    static void remove(Path folder) throws ConfigException {
        Path beside = folderOf(folder).resolve(UNFINISHED + folder.getFileName());
        try {
            delete(beside);
            Files.move(folder, beside, StandardCopyOption.ATOMIC_MOVE);
            sync(folderOf(folder));
            delete(beside);
        } catch (IOException refused) {
            throw problem(folder, "cannot be removed", refused);
        }
    }

    /** What a process left that ended in between. */
    static void removeUnfinished(Path folder) throws ConfigException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            for (Path path : left) {
                delete(path);
            }
        } catch (IOException refused) {
            throw problem(folder, "cannot be written to", refused);
        }
    }

    static ConfigException problem(Path path, String what, IOException why) {
        String reason =
                switch (why) {
                    case NoSuchFileException no -> "there is no such file";
                    case AccessDeniedException denied -> "permission denied";
                    default -> String.valueOf(why.getMessage());
                };
        return new ConfigException(path.toString(), what + ": " + reason);
    }

    private static Path folderOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " is in no folder");
        }
        return parent;
    }

    private static void writeSynced(Path file, byte[] content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OWNER_FILE)) {
            ByteBuffer buf = ByteBuffer.wrap(content);
            while (buf.hasRemaining()) {
                channel.write(buf);
            }
            channel.force(true);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    delete(file);
                }
            }
        }
        Files.deleteIfExists(path);
    }
}
