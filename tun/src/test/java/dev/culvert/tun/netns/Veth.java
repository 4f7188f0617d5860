package dev.culvert.tun.netns;

/** A virtual cable between two namespaces, both ends up. It goes with either of them. */
public record Veth(
        NetworkNamespace left, String leftLink, NetworkNamespace right, String rightLink) {

    /** Addresses as {@code "10.0.0.1/24"} or {@code "fd00::1/64"}. */
    public static Veth connect(
            NetworkNamespace left,
            String leftAddress,
            NetworkNamespace right,
            String rightAddress) {
        Veth veth = new Veth(left, left.nextVeth(), right, right.nextVeth());
        left.run(
                "ip",
                "link",
                "add",
                veth.leftLink,
                "type",
                "veth",
                "peer",
                "name",
                veth.rightLink,
                "netns",
                right.name());
        veth.addAddresses(leftAddress, rightAddress);
        left.run("ip", "link", "set", veth.leftLink, "up");
        right.run("ip", "link", "set", veth.rightLink, "up");
        return veth;
    }

    /** Further addresses, such as of the other family. */
    public Veth addAddresses(String leftAddress, String rightAddress) {
        left.addAddress(leftLink, leftAddress);
        right.addAddress(rightLink, rightAddress);
        return this;
    }

    /**
     * Both ends have tried their link-local addresses: before, the kernel asks no IPv6 neighbour,
     * and throws away what it has for him.
     */
    public Veth awaitLinkLocalAddresses() {
        left.awaitLinkLocalAddress(leftLink);
        right.awaitLinkLocalAddress(rightLink);
        return this;
    }

    /** Changes both ends. */
    public Veth mtu(int mtu) {
        left.run("ip", "link", "set", leftLink, "mtu", Integer.toString(mtu));
        right.run("ip", "link", "set", rightLink, "mtu", Integer.toString(mtu));
        return this;
    }
}
