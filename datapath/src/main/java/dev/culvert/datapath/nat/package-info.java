/**
 * Network address translation between the TUN and the crypto (RFC 4787, 5382, 5508, 7857): clients
 * that the kernel forwards into the tunnel leave with the tunnel's own address.
 *
 * <ol>
 *   <li>{@link dev.culvert.datapath.nat.OutboundNat} looks the flow up, once per super-packet, and
 *       gives it the tunnel's address and a port of its own;
 *   <li>{@link dev.culvert.datapath.nat.InboundNat} finds the client by that port, and drops what
 *       nobody asked for;
 *   <li>{@link dev.culvert.datapath.nat.NatTable} remembers who has which port and until when.
 * </ol>
 *
 * <p>The tunnel's own flows are tracked too: nobody else gets their ports. Each direction is owned
 * by the thread of that direction; the table is shared under a lock that is held for a lookup.
 */
@NullMarked
package dev.culvert.datapath.nat;

import org.jspecify.annotations.NullMarked;
