/**
 * The way in, in reading order:
 *
 * <ol>
 *   <li>the I/O engine receives a run of datagrams from one source;
 *   <li>{@link dev.culvert.datapath.inbound.Inbound} tells handshake messages, which go to the home
 *       thread through a bounded ring, from transport messages;
 *   <li>the receiver index gives the keypair; the message is opened in place;
 *   <li>version, length and source address of the inner packet are checked against the sending
 *       peer;
 *   <li>packets of one flow are coalesced and written to the TUN at the end of the batch.
 * </ol>
 *
 * <p>Owned by the inbound thread of a shard.
 */
@NullMarked
package dev.culvert.datapath.inbound;

import org.jspecify.annotations.NullMarked;
