package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Tcp;

/**
 * What is known of a TCP connection from the segments that passed (RFC 5382 §5, RFC 7857 §2): bits
 * of an int.
 */
final class TcpState {
    private static final int OUT = 1;
    private static final int IN = 2;
    private static final int ESTABLISHED = 4;
    private static final int FIN_OUT = 8;
    private static final int FIN_IN = 16;
    private static final int RESET = 32;

    private static final int BOTH_FINS = FIN_OUT | FIN_IN;

    private TcpState() {}

    /** The state after a segment. */
    static int next(int state, int flags, boolean outbound) {
        if ((flags & Tcp.RST) != 0) {
            return state | RESET;
        }
        int seen = outbound ? OUT : IN;
        if ((flags & Tcp.SYN) != 0) {
            return isClosing(state) ? seen : state | seen;
        }
        int after = state | seen;
        if ((after & (OUT | IN)) == (OUT | IN)) {
            after |= ESTABLISHED;
        }
        if (outbound) {
            // The client goes on: the reset was not for it, or forged (RFC 7857 §2.2).
            after &= ~RESET;
        }
        if ((flags & Tcp.FIN) != 0) {
            after |= outbound ? FIN_OUT : FIN_IN;
        }
        return after;
    }

    /** Both ends have finished, or one has reset it. */
    static boolean isClosing(int state) {
        return (state & BOTH_FINS) == BOTH_FINS || (state & RESET) != 0;
    }

    /** Open both ways, also while one end has finished. */
    static boolean isEstablished(int state) {
        return (state & ESTABLISHED) != 0 && !isClosing(state);
    }
}
