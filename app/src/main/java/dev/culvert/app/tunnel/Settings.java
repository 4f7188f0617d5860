package dev.culvert.app.tunnel;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The settings that come by environment, since {@code wg-quick} starts the program with one
 * argument.
 *
 * @param tunFd {@code WG_TUN_FD}: an open TUN device to take over
 * @param uapiFd {@code WG_UAPI_FD}: a listening socket to take over
 * @param aead {@code CULVERT_AEAD}
 * @param io {@code CULVERT_IO}
 * @param tunOffload {@code CULVERT_TUN_OFFLOAD}: virtio headers and segmentation on the TUN
 * @param tunGro {@code CULVERT_TUN_GRO}: received packets are coalesced for the TUN
 * @param udpGso {@code CULVERT_UDP_GSO}
 * @param udpGro {@code CULVERT_UDP_GRO}
 * @param warmUp {@code CULVERT_WARMUP}: the packet path is compiled before packets come
 */
public record Settings(
        OptionalInt tunFd,
        OptionalInt uapiFd,
        String aead,
        String io,
        boolean tunOffload,
        boolean tunGro,
        boolean udpGso,
        boolean udpGro,
        boolean warmUp) {

    /** A variable with a value that is none of its own; the message is one line for the user. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        private InvalidException(String message) {
            super(message);
        }
    }

    /** Reads the variables; an empty one counts as one that is not set. */
    public static Settings of(Map<String, String> environment) throws InvalidException {
        Reader reader = new Reader(environment);
        return new Settings(
                reader.descriptor("WG_TUN_FD"),
                reader.descriptor("WG_UAPI_FD"),
                reader.oneOf("CULVERT_AEAD", "auto", "boringssl", "openssl", "jdk", "bouncycastle"),
                reader.oneOf("CULVERT_IO", "auto", "io_uring", "syscalls"),
                reader.oneOf("CULVERT_TUN_OFFLOAD", "on", "off").equals("on"),
                reader.oneOf("CULVERT_TUN_GRO", "on", "off").equals("on"),
                reader.oneOf("CULVERT_UDP_GSO", "on", "off").equals("on"),
                reader.oneOf("CULVERT_UDP_GRO", "on", "off").equals("on"),
                reader.oneOf("CULVERT_WARMUP", "on", "off").equals("on"));
    }

    private record Reader(Map<String, String> environment) {
        private @Nullable String get(String name) {
            String value = environment.get(name);
            return value == null || value.isEmpty() ? null : value;
        }

        /** The first of the values is the default. */
        String oneOf(String name, String... values) throws InvalidException {
            String value = get(name);
            if (value == null) {
                return values[0];
            }
            for (String allowed : values) {
                if (allowed.equals(value)) {
                    return value;
                }
            }
            throw new InvalidException(
                    name + "=" + value + " is not one of " + String.join(", ", values));
        }

        OptionalInt descriptor(String name) throws InvalidException {
            String value = get(name);
            if (value == null) {
                return OptionalInt.empty();
            }
            if (!value.matches("[0-9]{1,6}")) {
                throw new InvalidException(name + "=" + value + " is not a file descriptor");
            }
            return OptionalInt.of(Integer.parseInt(value));
        }
    }
}
