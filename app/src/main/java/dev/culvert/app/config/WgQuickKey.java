package dev.culvert.app.config;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a wg-quick file, {@code wg(8)} and {@code wg-quick(8)}. */
enum WgQuickKey {
    PRIVATE_KEY(
            "PrivateKey",
            Section.INTERFACE,
            false,
            "<44 characters of base64>",
            "44 characters of base64",
            "may come from `WIREGUARD_PRIVATE_KEY_FILE` and its like instead"),
    ADDRESS(
            "Address",
            Section.INTERFACE,
            true,
            "10.64.0.2/32",
            "`10.64.0.2/32, fd00::2/128`",
            "required"),
    DNS(
            "DNS",
            Section.INTERFACE,
            true,
            "10.64.0.1",
            "addresses of servers, search domains",
            "see Names"),
    MTU(
            "MTU",
            Section.INTERFACE,
            false,
            "1420",
            "576 to 65535",
            "without it the MTU of the way to the endpoint less 80"),
    TABLE(
            "Table",
            Section.INTERFACE,
            false,
            "auto",
            "`auto`, `off`, a number",
            "without it `auto`, see Routing"),
    LISTEN_PORT(
            "ListenPort",
            Section.INTERFACE,
            false,
            "51820",
            "0 to 65535",
            "without it the kernel chooses. With a peer without `Endpoint` it may be called from anywhere, by WireGuard messages alone"),
    FW_MARK(
            "FwMark",
            Section.INTERFACE,
            false,
            "0xca6c",
            "a number, `0x` for hexadecimal, `off`",
            "without it 0xca6c; a mark there always is, the kill switch knows its packets by it"),
    PRE_UP(
            "PreUp",
            Section.INTERFACE,
            true,
            "<command>",
            "a shell command, `%i` is the interface",
            "only with `ALLOW_HOOKS=1`, see Hooks"),
    POST_UP("PostUp", Section.INTERFACE, true, "<command>", "a shell command", "the same"),
    PRE_DOWN("PreDown", Section.INTERFACE, true, "<command>", "a shell command", "the same"),
    POST_DOWN("PostDown", Section.INTERFACE, true, "<command>", "a shell command", "the same"),
    SAVE_CONFIG(
            "SaveConfig",
            Section.INTERFACE,
            false,
            "false",
            "`true`, `false`",
            "when the tunnel ends, the file takes up the peers and keys that it ran with (`wg set`), without comments, its mode kept. A file that cannot be written stays as it is, with a warning"),
    PUBLIC_KEY(
            "PublicKey",
            Section.PEER,
            false,
            "<44 characters of base64>",
            "44 characters of base64",
            "required"),
    PRESHARED_KEY(
            "PresharedKey",
            Section.PEER,
            false,
            "<44 characters of base64>",
            "44 characters of base64",
            "if the peer has one"),
    ALLOWED_IPS(
            "AllowedIPs",
            Section.PEER,
            true,
            "0.0.0.0/0, ::/0",
            "`0.0.0.0/0, ::/0`",
            "what goes to the peer; no prefix may belong to two peers"),
    ENDPOINT(
            "Endpoint",
            Section.PEER,
            false,
            "vpn.example.com:51820",
            "`192.0.2.1:51820`, `[2001:db8::1]:51820`, `vpn.example.com:51820`",
            "where it is, see Names; without it the peer has to call"),
    PERSISTENT_KEEPALIVE(
            "PersistentKeepalive",
            Section.PEER,
            false,
            "25",
            "seconds, `off`",
            "keeps the way back open");

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

    /** For the manual, in Markdown: what may stand there, and what it is. */
    final String values;

    final String meaning;

    WgQuickKey(
            String label,
            Section section,
            boolean repeatable,
            String exampleValue,
            String values,
            String meaning) {
        this.label = label;
        this.section = section;
        this.repeatable = repeatable;
        this.exampleValue = exampleValue;
        this.values = values;
        this.meaning = meaning;
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
