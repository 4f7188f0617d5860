package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The second pass over the lines of {@code [Interface]}. */
final class InterfaceReader {
    static final long MAX_MARK = 0xffff_ffffL;
    private static final int MIN_MTU_V4 = 576;
    private static final int MIN_MTU_V6 = 1280;

    private final Problems problems;
    private final HooksReader hooks;
    private final List<IpPrefix> addresses = new ArrayList<>();
    private final List<InetAddress> dns = new ArrayList<>();
    private final List<String> searchDomains = new ArrayList<>();
    private @Nullable Secret privateKey;
    private OptionalInt listenPort = OptionalInt.empty();
    private OptionalLong fwmark = OptionalLong.empty();
    private OptionalInt mtu = OptionalInt.empty();
    private int mtuLine;
    private boolean saveConfig;
    private RoutingTable table = new RoutingTable.Auto();

    InterfaceReader(Problems problems, HooksReader hooks) {
        this.problems = problems;
        this.hooks = hooks;
    }

    void read(WgQuickEntry entry) throws InvalidValueException {
        switch (entry.key()) {
            case PRIVATE_KEY -> privateKey = privateKey(entry);
            case LISTEN_PORT ->
                    listenPort =
                            OptionalInt.of((int) Numbers.decimal(entry.text(), 0, 0xffff, "port"));
            case FW_MARK -> fwmark = OptionalLong.of(mark(entry.text()));
            case ADDRESS -> {
                for (String part : entry.list()) {
                    addresses.add(IpText.prefix(part, "10.64.0.2/32"));
                }
            }
            case DNS -> {
                for (String part : entry.list()) {
                    dns(part);
                }
            }
            case MTU -> {
                mtu =
                        OptionalInt.of(
                                (int) Numbers.decimal(entry.text(), MIN_MTU_V4, 0xffff, "MTU"));
                mtuLine = entry.line();
            }
            case TABLE -> table = table(entry.text());
            case PRE_UP, POST_UP, PRE_DOWN, POST_DOWN -> hooks.read(entry);
            case SAVE_CONFIG -> saveConfig = saveConfig(entry.text());
            default -> throw new IllegalStateException(entry.toString());
        }
    }

    private static Secret privateKey(WgQuickEntry entry) throws InvalidValueException {
        Secret key = entry.secret();
        if (key.isZero()) {
            throw new InvalidValueException("is all zero, which is no key");
        }
        return key;
    }

    private void dns(String text) throws InvalidValueException {
        InetAddress server = IpText.parse(text);
        if (server != null) {
            dns.add(server);
        } else if (EndpointName.isName(text)) {
            searchDomains.add(text);
        } else {
            throw new InvalidValueException(
                    Quoted.of(text) + " is neither the address of a server nor a search domain");
        }
    }

    static long mark(String text) throws InvalidValueException {
        return text.equalsIgnoreCase("off")
                ? 0
                : Numbers.decimalOrHex(text, 0, MAX_MARK, "mark (or off)");
    }

    static RoutingTable table(String text) throws InvalidValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> new RoutingTable.Auto();
            case "off" -> new RoutingTable.Off();
            case "main" -> new RoutingTable.Numbered(254);
            default ->
                    new RoutingTable.Numbered(
                            (int) Numbers.decimalOrHex(text, 1, MAX_MARK, "table (or auto, off)"));
        };
    }

    private static boolean saveConfig(String text) throws InvalidValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "false" -> false;
            case "true" -> true;
            default ->
                    throw new InvalidValueException(Quoted.of(text) + " is neither true nor false");
        };
    }

    /** Null: something is missing, and was reported. */
    @Nullable InterfaceConfig finish(WgQuickSection section, @Nullable Secret fallbackKey) {
        if (privateKey != null && fallbackKey != null) {
            problems.add(
                    section.line(),
                    WgQuickKey.PRIVATE_KEY.label,
                    "stands in the file and in WIREGUARD_PRIVATE_KEY: choose one");
        }
        Secret key = privateKey == null ? fallbackKey : privateKey;
        if (key == null && !section.mentioned().contains(WgQuickKey.PRIVATE_KEY)) {
            problems.add(
                    section.line(),
                    WgQuickKey.PRIVATE_KEY.label,
                    "is missing in [Interface]; it may also come by WIREGUARD_PRIVATE_KEY_FILE");
        }
        if (!section.mentioned().contains(WgQuickKey.ADDRESS)) {
            problems.add(
                    section.line(),
                    WgQuickKey.ADDRESS.label,
                    "is missing in [Interface]; for example " + WgQuickKey.ADDRESS.example());
        }
        boolean v6 = addresses.stream().anyMatch(prefix -> prefix.toString().indexOf(':') >= 0);
        if (v6 && mtu.orElse(MIN_MTU_V6) < MIN_MTU_V6) {
            problems.add(
                    mtuLine,
                    WgQuickKey.MTU.label,
                    mtu.getAsInt()
                            + " is too small for the IPv6 address: "
                            + MIN_MTU_V6
                            + " or more");
        }
        return key == null
                ? null
                : new InterfaceConfig(
                        key,
                        List.copyOf(addresses),
                        List.copyOf(dns),
                        List.copyOf(searchDomains),
                        listenPort,
                        fwmark,
                        mtu,
                        table,
                        hooks.finish(),
                        saveConfig);
    }

    /** When nothing is made of it. */
    void abandon() {
        if (privateKey != null) {
            privateKey.close();
        }
    }
}
