package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where the values of a tunnel stand, for what turns out to be wrong once all tunnels are read.
 *
 * @param source of the whole configuration
 * @param places by key and value
 */
public record Origins(String source, Map<String, Place> places) {
    /**
     * Where a value stands.
     *
     * @param line 0: of the whole source
     * @param key empty: the source is named after it
     */
    public record Place(String source, int line, String key) {
        /** What is wrong there. */
        public ConfigProblem problem(String reason) {
            return new ConfigProblem(source, line, key, reason);
        }

        /** As a message about another place names it. */
        @Override
        public String toString() {
            return line > 0 ? source + ":" + line : source;
        }
    }

    public Origins {
        places = Map.copyOf(places);
    }

    /** For what has no lines. */
    static Origins of(String source) {
        return new Origins(source, Map.of());
    }

    /** Of one of the tunnel's own addresses. */
    public Place address(IpPrefix address) {
        return place(WgQuickKey.ADDRESS, address.toString());
    }

    /** Of the port. */
    public Place listenPort() {
        return place(WgQuickKey.LISTEN_PORT, "");
    }

    /** Of the mark. */
    public Place fwmark() {
        return place(WgQuickKey.FW_MARK, "");
    }

    /** Of a peer. */
    public Place peer(PublicKey publicKey) {
        return place(WgQuickKey.PUBLIC_KEY, publicKey.toString());
    }

    /** Of a network that a peer has. */
    public Place allowedIps(IpPrefix network) {
        return place(WgQuickKey.ALLOWED_IPS, network.toString());
    }

    private Place place(WgQuickKey key, String value) {
        Place known = places.get(named(key, value));
        return known == null ? new Place(source, 0, key.label) : known;
    }

    private static String named(WgQuickKey key, String value) {
        return key.label + " " + value;
    }

    /** With other names for the places. */
    Origins map(UnaryOperator<Place> change) {
        Map<String, Place> changed = new HashMap<>();
        places.forEach((value, place) -> changed.put(value, change.apply(place)));
        return new Origins(source, changed);
    }

    /** Notes the lines of a file while it is read. */
    static final class Notes {
        private final String source;
        private final Map<String, Place> places = new HashMap<>();

        Notes(String source) {
            this.source = source;
        }

        /** The values of a line that was read before, and found right. */
        void note(WgQuickEntry entry) throws InvalidValueException {
            switch (entry.key()) {
                case LISTEN_PORT, FW_MARK -> put(entry, "");
                case PUBLIC_KEY -> put(entry, PublicKey.parse(entry.text()).toString());
                case ADDRESS -> {
                    for (String part : entry.list()) {
                        put(entry, IpText.prefix(part, "").toString());
                    }
                }
                case ALLOWED_IPS -> {
                    for (String part : entry.text().split(",", -1)) {
                        if (!part.isBlank()) {
                            put(entry, IpText.masked(IpText.prefix(part.strip(), "")).toString());
                        }
                    }
                }
                default -> {
                    // Nothing that could clash with another tunnel.
                }
            }
        }

        private void put(WgQuickEntry entry, String value) {
            places.putIfAbsent(
                    named(entry.key(), value), new Place(source, entry.line(), entry.key().label));
        }

        Origins origins() {
            return new Origins(source, places);
        }
    }
}
