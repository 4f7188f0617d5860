package dev.culvert.app.tunnel;

import static dev.culvert.app.config.EngineVariable.CULVERT_AEAD;
import static dev.culvert.app.config.EngineVariable.CULVERT_IO;
import static dev.culvert.app.config.EngineVariable.CULVERT_TUN_GRO;
import static dev.culvert.app.config.EngineVariable.CULVERT_TUN_OFFLOAD;
import static dev.culvert.app.config.EngineVariable.CULVERT_UDP_GRO;
import static dev.culvert.app.config.EngineVariable.CULVERT_UDP_GSO;
import static dev.culvert.app.config.EngineVariable.CULVERT_WARMUP;
import static dev.culvert.app.config.EngineVariable.WG_TUN_FD;
import static dev.culvert.app.config.EngineVariable.WG_UAPI_FD;

import dev.culvert.app.config.EngineVariable;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.Quoted;
import java.util.Map;
import java.util.OptionalInt;

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
                reader.descriptor(WG_TUN_FD),
                reader.descriptor(WG_UAPI_FD),
                reader.oneOf(CULVERT_AEAD),
                reader.oneOf(CULVERT_IO),
                reader.isOn(CULVERT_TUN_OFFLOAD),
                reader.isOn(CULVERT_TUN_GRO),
                reader.isOn(CULVERT_UDP_GSO),
                reader.isOn(CULVERT_UDP_GRO),
                reader.isOn(CULVERT_WARMUP));
    }

    private record Reader(Map<String, String> environment) {
        String oneOf(EngineVariable variable) throws InvalidException {
            try {
                return variable.choice(environment);
            } catch (InvalidValueException invalid) {
                throw new InvalidException(variable.name() + ": " + invalid.reason());
            }
        }

        boolean isOn(EngineVariable variable) throws InvalidException {
            return oneOf(variable).equals("on");
        }

        OptionalInt descriptor(EngineVariable variable) throws InvalidException {
            String value = variable.in(environment);
            if (value.isEmpty()) {
                return OptionalInt.empty();
            }
            if (!value.matches("[0-9]{1,6}")) {
                throw new InvalidException(
                        variable.name() + ": " + Quoted.of(value) + " is not a file descriptor");
            }
            return OptionalInt.of(Integer.parseInt(value));
        }
    }
}
