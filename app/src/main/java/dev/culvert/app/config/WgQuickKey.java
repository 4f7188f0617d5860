package dev.culvert.app.config;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a wg-quick file, {@code wg(8)} and {@code wg-quick(8)}. */
enum WgQuickKey {
    PRIVATE_KEY("PrivateKey", Section.INTERFACE, false, "<44 characters of base64>"),
    LISTEN_PORT("ListenPort", Section.INTERFACE, false, "51820"),
    FW_MARK("FwMark", Section.INTERFACE, false, "0xca6c"),
    ADDRESS("Address", Section.INTERFACE, true, "10.64.0.2/32"),
    DNS("DNS", Section.INTERFACE, true, "10.64.0.1"),
    MTU("MTU", Section.INTERFACE, false, "1420"),
    TABLE("Table", Section.INTERFACE, false, "auto"),
    PRE_UP("PreUp", Section.INTERFACE, true, "<command>"),
    POST_UP("PostUp", Section.INTERFACE, true, "<command>"),
    PRE_DOWN("PreDown", Section.INTERFACE, true, "<command>"),
    POST_DOWN("PostDown", Section.INTERFACE, true, "<command>"),
    SAVE_CONFIG("SaveConfig", Section.INTERFACE, false, "false"),
    PUBLIC_KEY("PublicKey", Section.PEER, false, "<44 characters of base64>"),
    PRESHARED_KEY("PresharedKey", Section.PEER, false, "<44 characters of base64>"),
    ALLOWED_IPS("AllowedIPs", Section.PEER, true, "0.0.0.0/0, ::/0"),
    ENDPOINT("Endpoint", Section.PEER, false, "vpn.example.com:51820"),
    PERSISTENT_KEEPALIVE("PersistentKeepalive", Section.PEER, false, "25");

    /** The two kinds of section. */
    enum Section {
        INTERFACE("[Interface]"),
        PEER("[Peer]");

        final String header;

        Section(String header) {
            this.header = header;
        }
    }

    final String label;
    final Section section;

    /** May stand there more than once; the values add up. */
    final boolean repeatable;

    private final String exampleValue;

    WgQuickKey(String label, Section section, boolean repeatable, String exampleValue) {
        this.label = label;
        this.section = section;
        this.repeatable = repeatable;
        this.exampleValue = exampleValue;
    }

    /** A whole line, in quotes. */
    String example() {
        return "\"" + label + " = " + exampleValue + "\"";
    }

    static @Nullable WgQuickKey of(String name) {
        for (WgQuickKey key : values()) {
            if (key.label.equalsIgnoreCase(name)) {
                return key;
            }
        }
        return null;
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(key -> key.label).toList();
    }
}
