/**
 * The io_uring engine: Netty's event loops and rings (io.netty.channel.uring) with handles of our
 * own on the TUN queue and on the UDP sockets. One loop, ring and thread per direction, and the
 * outbound one in the inbound loop until bulk data moves; each descriptor has one multishot receive
 * under way, which takes its buffers from a small group provided to the kernel (io_uring_enter(2),
 * io_uring_prep_read_multishot(3), io_uring_prep_recvmsg_multishot(3)). Nothing here is loaded
 * unless the engine is asked for, and nothing of Netty before {@link
 * dev.culvert.datapath.io.uring.IoUringProbe} found the kernel willing.
 */
@NullMarked
package dev.culvert.datapath.io.uring;

import org.jspecify.annotations.NullMarked;
