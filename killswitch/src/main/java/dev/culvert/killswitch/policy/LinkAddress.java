package dev.culvert.killswitch.policy;

import java.net.InetAddress;

/** An address of a link, and how much of it names the link's own network. */
public record LinkAddress(InetAddress address, int prefixLength) {
    /**
     * @throws IllegalArgumentException if the prefix is longer than the address
     */
    public LinkAddress {
        address = Subnet.withoutScope(address);
        var _ = new Subnet(address, prefixLength);
    }

    /**
     * {@code 10.0.0.2/24}; without a slash all bits count.
     *
     * @throws IllegalArgumentException with one line that quotes the text
     */
    public static LinkAddress parse(String text) {
        int slash = text.indexOf('/');
        return new LinkAddress(
                Subnet.parseAddress(slash < 0 ? text : text.substring(0, slash)),
                Subnet.parse(text).prefixLength());
    }

    /** What is reached on the link without a gateway. */
    public Subnet subnet() {
        return new Subnet(address, prefixLength);
    }
}
