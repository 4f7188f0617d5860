package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The second pass over the lines of one {@code [Peer]}. */
final class PeerReader {
    private final Problems problems;
    private final List<IpPrefix> allowedIps = new ArrayList<>();
    private @Nullable PublicKey publicKey;
    private @Nullable Secret presharedKey;
    private @Nullable EndpointName endpoint;
    private int persistentKeepaliveSeconds;

    PeerReader(Problems problems) {
        this.problems = problems;
    }

    void read(WgQuickEntry entry) throws InvalidValueException {
        switch (entry.key()) {
            case PUBLIC_KEY -> publicKey = PublicKey.parse(entry.text());
            case PRESHARED_KEY -> presharedKey = entry.secret();
            case ENDPOINT -> endpoint = EndpointName.parse(entry.text());
            case ALLOWED_IPS -> {
                if (!entry.text().isEmpty()) {
                    for (String part : entry.list()) {
                        allowedIps.add(IpText.masked(IpText.prefix(part, "10.0.0.0/8")));
                    }
                }
            }
            case PERSISTENT_KEEPALIVE -> persistentKeepaliveSeconds = keepalive(entry.text());
            default -> throw new IllegalStateException(entry.toString());
        }
    }

    private static int keepalive(String text) throws InvalidValueException {
        return text.equalsIgnoreCase("off")
                ? 0
                : (int) Numbers.decimal(text, 0, 0xffff, "time in seconds (or off)");
    }

    /** Null: something is missing, and was reported. */
    @Nullable PeerConfig finish(WgQuickSection section) {
        if (publicKey == null) {
            if (!section.mentioned().contains(WgQuickKey.PUBLIC_KEY)) {
                problems.add(section.line(), WgQuickKey.PUBLIC_KEY.label, "is missing in [Peer]");
            }
            return null;
        }
        return new PeerConfig(
                publicKey,
                presharedKey,
                endpoint,
                List.copyOf(allowedIps),
                persistentKeepaliveSeconds);
    }

    /** When nothing is made of it. */
    void abandon() {
        if (presharedKey != null) {
            presharedKey.close();
        }
    }
}
