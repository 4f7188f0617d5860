package dev.culvert.app.routing;

import dev.culvert.killswitch.policy.Uplink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel answers to ARP. By default an uplink answers for every address of the namespace,
 * also for the tunnel's, which tells neighbours that it is there (CVE-2019-14899). Where the rules
 * hold such answers back, this is not needed.
 */
public final class ArpAnswers {
    /** Only for addresses of the link that is asked on (ip-sysctl, arp_ignore). */
    private static final String OWN_ADDRESSES = "1";

    private ArpAnswers() {}

    /**
     * Lets the uplinks answer for their own addresses alone. Stricter settings stay.
     *
     * @param root {@code /}
     * @return what could not be set, one line each
     */
    public static List<String> restrict(Path root, List<Uplink> uplinks) {
        Path settings = root.resolve("proc/sys/net/ipv4/conf");
        boolean forAll = isStrict(settings.resolve("all/arp_ignore"));
        List<String> refused = new ArrayList<>();
        for (Uplink uplink : uplinks) {
            Path setting = settings.resolve(uplink.name()).resolve("arp_ignore");
            if (!forAll && !isStrict(setting) && !write(setting)) {
                refused.add(
                        uplink.name()
                                + ": ARP answers for the tunnel's address, and arp_ignore cannot be"
                                + " written. Start the container with --sysctl"
                                + " net.ipv4.conf.all.arp_ignore=1");
            }
        }
        return refused;
    }

    private static boolean isStrict(Path setting) {
        try {
            return !Files.readString(setting).strip().equals("0");
        } catch (IOException none) {
            return false;
        }
    }

    private static boolean write(Path setting) {
        try {
            Files.writeString(setting, OWN_ADDRESSES);
            return true;
        } catch (IOException readOnly) {
            return false;
        }
    }
}
