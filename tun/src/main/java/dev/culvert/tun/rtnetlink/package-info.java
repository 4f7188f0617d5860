/**
 * Links, addresses, routes and rules of a network namespace, by rtnetlink (RFC 3549, {@code
 * rtnetlink(7)}), and what the kernel announces of them and of nftables.
 *
 * <p>Control plane: requests wait for the kernel's answer and allocate. An {@link
 * dev.culvert.tun.rtnetlink.Rtnetlink} is used by one thread at a time and belongs to the network
 * namespace of the thread that opened it. What the kernel refuses is a {@link
 * dev.culvert.tun.rtnetlink.RtnetlinkException} with its own words where it gives any.
 */
@NullMarked
package dev.culvert.tun.rtnetlink;

import org.jspecify.annotations.NullMarked;
