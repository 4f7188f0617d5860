package dev.culvert.killswitch.leaktest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** A captured frame, read as far as the leak test needs it. */
final class Frame {
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int IP = 14;

    private final byte[] bytes;

    Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] source() {
        byte[] mac = new byte[6];
        System.arraycopy(bytes, 6, mac, 0, mac.length);
        return mac;
    }

    int etherType() {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(12));
    }

    boolean arp() {
        return etherType() == ETHERTYPE_ARP;
    }

    /** The address that an ARP packet is about. */
    InetAddress arpTarget() {
        return address(IP + 24, 4);
    }

    /** The address that an ARP packet says is its sender's. */
    InetAddress arpSender() {
        return address(IP + 14, 4);
    }

    Optional<InetAddress> destination() {
        return switch (etherType()) {
            case ProbePacket.ETHERTYPE_IPV4 -> Optional.of(address(IP + 16, 4));
            case ProbePacket.ETHERTYPE_IPV6 -> Optional.of(address(IP + 24, 16));
            default -> Optional.empty();
        };
    }

    boolean destinationIs(InetAddress address) {
        return destination().filter(address::equals).isPresent();
    }

    int protocol() {
        return etherType() == ProbePacket.ETHERTYPE_IPV4 ? bytes[IP + 9] : bytes[IP + 6];
    }

    /** Where the header of the transport protocol begins; IPv6 without extension headers. */
    private int transport() {
        return etherType() == ProbePacket.ETHERTYPE_IPV4 ? IP + (bytes[IP] & 15) * 4 : IP + 40;
    }

    /** The type of a neighbour discovery message, 133 to 137; else 0. */
    int neighbourDiscovery() {
        if (etherType() != ProbePacket.ETHERTYPE_IPV6 || protocol() != 58) {
            return 0;
        }
        int type = Byte.toUnsignedInt(bytes[transport()]);
        return type >= 133 && type <= 137 ? type : 0;
    }

    /** The address that a solicitation or an advertisement is about. */
    InetAddress neighbourTarget() {
        return address(transport() + 8, 16);
    }

    int sourcePort() {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(transport()));
    }

    int destinationPort() {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(transport() + 2));
    }

    /** The first payload byte of a datagram. */
    int firstByte() {
        return bytes[transport() + 8];
    }

    private InetAddress address(int offset, int length) {
        byte[] address = new byte[length];
        System.arraycopy(bytes, offset, address, 0, length);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        if (arp()) {
            return "arp " + arpSender().getHostAddress() + " about " + arpTarget().getHostAddress();
        }
        return destination()
                .map(to ->
                        "protocol "
                                + protocol()
                                + " to "
                                + to.getHostAddress()
                                + " "
                                + HexFormat.of()
                                        .formatHex(
                                                bytes,
                                                transport(),
                                                Math.min(bytes.length, transport() + 24)))
                .orElseGet(() -> HexFormat.of().formatHex(bytes));
    }
}
