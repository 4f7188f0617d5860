package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.Errno;
import java.nio.ByteBuffer;

/**
 * The end of an answer, with its error number (0: done).
 *
 * <pre>
 * NLMSG_ERROR: header (16) errno (4) header of the request (16) [its payload, unless capped] [attributes]
 * NLMSG_DONE:  header (16) errno (4) [attributes]
 * </pre>
 */
final class Ack {
    private static final int ERRNO_OFFSET = Netlink.HEADER_BYTES;
    private static final int REQUEST_OFFSET = ERRNO_OFFSET + 4;

    private Ack() {}

    static void check(String operation, ByteBuffer whole, int type, int flags)
            throws RtnetlinkException {
        if (whole.limit() < REQUEST_OFFSET) {
            throw new RtnetlinkException(operation, Errno.EPROTO, "");
        }
        int errno = whole.getInt(ERRNO_OFFSET);
        if (errno == 0) {
            return;
        }
        String explanation = "";
        int at = attributesOffset(whole, type, flags);
        if ((flags & Netlink.NLM_F_ACK_TLVS) != 0 && at >= 0 && at <= whole.limit()) {
            whole.position(at);
            explanation = Attributes.parse(whole).text(Netlink.NLMSGERR_ATTR_MSG, "");
        }
        throw new RtnetlinkException(operation, errno, explanation);
    }

    private static int attributesOffset(ByteBuffer whole, int type, int flags) {
        if (type == Netlink.NLMSG_DONE) {
            return REQUEST_OFFSET;
        }
        if (whole.limit() < REQUEST_OFFSET + Netlink.HEADER_BYTES) {
            return -1;
        }
        boolean capped = (flags & Netlink.NLM_F_CAPPED) != 0;
        int request = capped ? Netlink.HEADER_BYTES : whole.getInt(REQUEST_OFFSET);
        return REQUEST_OFFSET + Netlink.align(request);
    }
}
