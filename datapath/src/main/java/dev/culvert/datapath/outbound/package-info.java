/**
 * The way out, in reading order:
 *
 * <ol>
 *   <li>the I/O engine reads a packet or super-packet from the TUN;
 *   <li>{@link dev.culvert.datapath.outbound.Outbound} finds its peer by the destination address,
 *       once per super-packet;
 *   <li>without a session it is staged with the peer, and the home thread starts a handshake;
 *   <li>{@link dev.culvert.datapath.outbound.Sealer} reserves counters, splits it, and seals each
 *       segment straight into the send buffer;
 *   <li>runs of equal datagrams to one peer leave by one sendmsg.
 * </ol>
 *
 * <p>Owned by the thread that runs the outbound direction; the home thread has a sealer of its own.
 */
@NullMarked
package dev.culvert.datapath.outbound;

import org.jspecify.annotations.NullMarked;
