package dev.culvert.killswitch.nftables;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** Whether the kernel speaks netfilter's netlink at all. */
final class NetfilterSocket {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_NETFILTER = 12;

    static {
        Native.register(NetfilterSocket.class, NativeLibrary.getProcess());
    }

    private NetfilterSocket() {}

    static native int socket(int family, int type, int protocol) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    /** Opens one and closes it. */
    static void check() throws NftablesException {
        try {
            close(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
        } catch (LastErrorException refused) {
            throw new NftablesException(
                    "the kernel has no nf_tables, or a sandbox forbids it (no NETLINK_NETFILTER"
                            + " socket: "
                            + refused.getMessage()
                            + ")",
                    refused);
        }
    }
}
