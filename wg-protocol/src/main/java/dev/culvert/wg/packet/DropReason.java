package dev.culvert.wg.packet;

import java.util.Locale;

/**
 * Why a packet was not passed on. One counter each ({@link DropCounters}); never a log line or an
 * exception per packet.
 */
public enum DropReason {
    // Any datagram.

    /** Unknown type, reserved bytes not zero, or a length that is wrong for the type. */
    NOT_A_MESSAGE,
    /** The device has no private key yet. */
    NO_PRIVATE_KEY,
    /** The device is down. */
    DEVICE_DOWN,

    // Handshake messages.

    /** The queue of handshake messages is full. */
    HANDSHAKE_QUEUE_FULL,
    /** mac1 is wrong: the sender does not know our public key. */
    BAD_MAC1,
    /** Under load and without a valid mac2: answered with a cookie reply. */
    COOKIE_DEMANDED,
    /** Under load, and more handshake messages from this source address than allowed. */
    RATE_LIMITED,
    /** A handshake message did not decrypt or contains a low-order public key. */
    HANDSHAKE_UNAUTHENTIC,
    /** An initiation of a static public key that is no peer's. */
    UNKNOWN_PEER,
    /** An initiation whose timestamp is not above the last accepted one. */
    TIMESTAMP_REPLAYED,
    /** An initiation less than 20 ms after the peer's last accepted one. */
    INITIATION_TOO_SOON,
    /** A response or cookie reply to no handshake of ours. */
    UNKNOWN_HANDSHAKE,
    /** A cookie reply that does not decrypt or that nothing was sent for. */
    COOKIE_REPLY_UNAUTHENTIC,

    // Transport messages.

    /** The receiver index belongs to no session. */
    UNKNOWN_SESSION,
    /** The session is older than REJECT_AFTER_TIME, or was just retired. */
    SESSION_EXPIRED,
    /** The counter was received already or lies behind the replay window. */
    COUNTER_REPLAYED,
    /** The counter is at or above REJECT_AFTER_MESSAGES. */
    COUNTER_EXHAUSTED,
    /** The tag is wrong. */
    BAD_TAG,

    // Inner packets.

    /** Neither IPv4 nor IPv6, or shorter than its header. */
    INNER_NOT_IP,
    /** The inner packet's total length is beyond what was received, or below its header's. */
    INNER_LENGTH,
    /** The source address is not one of the sending peer's allowed IPs. */
    SOURCE_NOT_ALLOWED,
    /** The destination address is no peer's. */
    NO_PEER,
    /** The peer has no endpoint yet. */
    NO_ENDPOINT,
    /** What the TUN gave as a super-packet cannot be split. */
    SUPER_PACKET_MALFORMED,
    /** Sealed, it would be longer than a UDP datagram can be. */
    PACKET_TOO_LONG,
    /** A congestion mark on the way, and a sender that would not understand it (RFC 6040). */
    CONGESTION_MARK_NOT_UNDERSTOOD,

    // Datagrams to send.

    /** No socket of the endpoint's family is bound. */
    NO_SOCKET,
    /** The send buffer stayed full. */
    SEND_BUFFER_FULL,
    /** The kernel refused to send: no route, a firewall, a device that is down. */
    SEND_FAILED,

    // Staged packets.

    /** Pushed out by younger packets while there was no session. */
    STAGED_OVERFLOW,
    /** Discarded as no handshake completed within REKEY_ATTEMPT_TIME. */
    STAGED_GIVEN_UP,
    /** Discarded as the device went down or the peer was removed. */
    STAGED_DISCARDED,

    // Address translation.

    /** For a client that has not sent to where it comes from, or that has no such port. */
    NAT_FILTERED,
    /** Of a client that has its share of the ports. */
    NAT_OVER_QUOTA,
    /** No port of that range and parity is free, or the table is full. */
    NAT_EXHAUSTED,
    /** Of a client, and of a protocol without ports or out of nowhere. */
    NAT_UNTRANSLATABLE,
    /** An ICMP error with a wrong checksum, or about nothing. */
    NAT_ICMP_INVALID,
    /** A fragment whose first one did not come in time, or in too large a crowd. */
    NAT_FRAGMENT_GIVEN_UP;

    private static final DropReason[] VALUES = values();

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Kebab-case name for statistics, such as {@code bad-tag}. */
    public String label() {
        return label;
    }

    /** This reason as a negative int, for methods that return a length otherwise. */
    @SuppressWarnings("EnumOrdinal") // Codes live within this process and are never stored.
    public int code() {
        return -1 - ordinal();
    }

    /**
     * The reason that a negative result stands for.
     *
     * @param code below zero, from {@link #code()}
     */
    public static DropReason ofCode(int code) {
        return VALUES[-1 - code];
    }
}
