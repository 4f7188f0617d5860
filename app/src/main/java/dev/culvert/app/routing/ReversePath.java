package dev.culvert.app.routing;

import dev.culvert.killswitch.policy.Uplink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's reverse path filter. Encrypted packets arrive without a mark, and without it the way
 * back to the endpoint is the tunnel: the strict form of the filter drops them, the loose one does
 * not. {@code src_valid_mark} makes the filter honour marks where rules restore them.
 */
public final class ReversePath {
    private static final String STRICT = "1";
    private static final String LOOSE = "2";

    private ReversePath() {}

    /**
     * Loosens it where it is strict.
     *
     * @param root {@code /}
     * @return what could not be set, one line each
     */
    public static List<String> loosen(Path root, List<Uplink> uplinks) {
        Path settings = root.resolve("proc/sys/net/ipv4/conf");
        write(settings.resolve("all/src_valid_mark"), "1");
        boolean strictForAll = read(settings.resolve("all/rp_filter")).equals(STRICT);
        List<String> refused = new ArrayList<>();
        for (Uplink uplink : uplinks) {
            Path filter = settings.resolve(uplink.name()).resolve("rp_filter");
            String own = read(filter);
            boolean strict = own.equals(STRICT) || (strictForAll && !own.equals(LOOSE));
            if (strict && !write(filter, LOOSE)) {
                refused.add(
                        "net.ipv4.conf."
                                + uplink.name()
                                + ".rp_filter is 1 and cannot be written: answers of the endpoint"
                                + " may be dropped. Start the container with --sysctl"
                                + " net.ipv4.conf.all.rp_filter=2");
            }
        }
        return refused;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException none) {
            return "";
        }
    }

    private static boolean write(Path file, String value) {
        if (read(file).equals(value)) {
            return true;
        }
        try {
            Files.writeString(file, value);
            return true;
        } catch (IOException readOnly) {
            return false;
        }
    }
}
