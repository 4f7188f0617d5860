package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Subnet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What differs in matches for IPv4 and IPv6. */
enum Family {
    IPV4("ip", "ipv4_addr"),
    IPV6("ip6", "ipv6_addr");

    private static final List<Family> BOTH = List.of(values());

    private final String keyword;
    private final String addressType;

    Family(String keyword, String addressType) {
        this.keyword = keyword;
        this.addressType = addressType;
    }

    static List<Family> both() {
        return BOTH;
    }

    String keyword() {
        return keyword;
    }

    String addressType() {
        return addressType;
    }

    static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    boolean fits(InetAddress address) {
        return address instanceof Inet4Address == (this == IPV4);
    }

    /** Empty if there are none of this family. */
    String addresses(String field, Collection<InetAddress> addresses) {
        return set(
                field,
                addresses.stream().filter(this::fits).map(InetAddress::getHostAddress).sorted());
    }

    /** Empty if there are none of this family. */
    String subnets(String field, Collection<Subnet> subnets) {
        return set(
                field,
                withoutParts(subnets)
                        .filter(subnet -> fits(subnet.network()))
                        .map(Subnet::toString));
    }

    /** Address and UDP port together; empty if there are none of this family. */
    String endpoints(String field, String port, Collection<Endpoint> endpoints) {
        String elements =
                endpoints.stream()
                        .filter(endpoint -> fits(endpoint.address()))
                        .map(endpoint ->
                                endpoint.address().getHostAddress() + " . " + endpoint.port())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return elements.isEmpty()
                ? ""
                : keyword + " " + field + " . udp " + port + " { " + elements + " }";
    }

    private String set(String field, Stream<String> elements) {
        String joined = elements.collect(Collectors.joining(", "));
        return joined.isEmpty() ? "" : keyword + " " + field + " { " + joined + " }";
    }

    /** nftables refuses intervals that overlap. */
    static Stream<Subnet> withoutParts(Collection<Subnet> subnets) {
        return subnets.stream()
                .distinct()
                .filter(subnet ->
                        subnets.stream()
                                .noneMatch(other ->
                                        !other.equals(subnet)
                                                && other.prefixLength() <= subnet.prefixLength()
                                                && other.contains(subnet.network())));
    }
}
