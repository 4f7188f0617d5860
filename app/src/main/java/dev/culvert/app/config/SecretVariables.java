package dev.culvert.app.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables whose value may stand in a file instead. For a variable X: X itself, the
 * file named by {@code X_FILE}, {@code X_SECRETFILE} or {@code FILE__X}, else {@code
 * /run/secrets/x} if it exists.
 */
public final class SecretVariables {
    private static final int MAX_BYTES = 64 * 1024;

    private final Map<String, String> environment;
    private final Path secretsDirectory;

    /**
     * @param secretsDirectory {@code /run/secrets}
     */
    public SecretVariables(Map<String, String> environment, Path secretsDirectory) {
        this.environment = environment;
        this.secretsDirectory = secretsDirectory;
    }

    /**
     * The value without blanks around it, to be zeroed by the caller; null: not given.
     *
     * @throws ConfigException when it is given twice, or its file cannot be read
     */
    byte @Nullable [] bytes(String name) throws ConfigException {
        List<String> given = new ArrayList<>();
        for (String form : forms(name)) {
            if (!environment.getOrDefault(form, "").isEmpty()) {
                given.add(form);
            }
        }
        if (given.size() > 1) {
            throw new ConfigException(
                    given.get(0), "and " + given.get(1) + " are both set: choose one");
        }
        if (given.isEmpty()) {
            Path file = secretsDirectory.resolve(name.toLowerCase(Locale.ROOT));
            return Files.exists(file) ? read(name, file) : null;
        }
        String value = environment.getOrDefault(given.get(0), "");
        return given.get(0).equals(name)
                ? trimmed(value.getBytes(StandardCharsets.UTF_8))
                : read(given.get(0), Path.of(value));
    }

    /** For values that are no secret but may come the same ways. */
    @Nullable String text(String name) throws ConfigException {
        byte[] bytes = bytes(name);
        return bytes == null || bytes.length == 0
                ? null
                : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Null: not given. */
    @Nullable Secret secret(String name) throws ConfigException {
        byte[] bytes = bytes(name);
        if (bytes == null || bytes.length == 0) {
            return null;
        }
        try {
            return Secret.ofBase64(bytes, 0, bytes.length);
        } catch (InvalidValueException invalid) {
            throw new ConfigException(name, invalid.reason());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The names that stand for {@code name}. */
    static List<String> forms(String name) {
        return List.of(name, name + "_FILE", name + "_SECRETFILE", "FILE__" + name);
    }

    private static byte[] read(String name, Path file) throws ConfigException {
        byte[] bytes = ConfigFiles.read(name, file, MAX_BYTES);
        byte[] value = trimmed(bytes);
        Arrays.fill(bytes, (byte) 0);
        return value;
    }

    private static byte[] trimmed(byte[] bytes) {
        int start = 0;
        int end = bytes.length;
        while (start < end && bytes[start] <= ' ' && bytes[start] >= 0) {
            start++;
        }
        while (end > start && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
            end--;
        }
        return Arrays.copyOfRange(bytes, start, end);
    }
}
