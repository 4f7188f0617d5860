/**
 * The I/O seam of a shard: an engine ({@link dev.culvert.datapath.io.PacketIo}) waits for packets
 * of the TUN device and of the UDP sockets and hands them, in batches, to two duties. Engines own
 * the threads and the receive buffers; the duties do all that is WireGuard, and make the sends and
 * TUN writes themselves by plain system calls, whatever the engine. An exception that comes out of
 * a duty is a bug: the engine logs it and goes on with the next packet.
 */
@NullMarked
package dev.culvert.datapath.io;

import org.jspecify.annotations.NullMarked;
