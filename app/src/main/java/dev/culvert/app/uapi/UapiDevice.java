package dev.culvert.app.uapi;

import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.util.Map;

/** What the socket configures. Called from the connections' threads, several at once. */
public interface UapiDevice {
    /**
     * Applies a request, wholly or not at all.
     *
     * @return 0, or a positive value of {@code errno.h}
     */
    int set(UapiSet change);

    /** The state now; the caller zeroes its keys. */
    DeviceSnapshot get();

    /** Statistics that {@code wg} passes over, by name, in the order to be shown. */
    Map<String, Long> statistics();
}
