/**
 * Views of IPv4, IPv6, TCP, UDP and ICMP headers (RFC 791, 8200, 9293, 768, 792, 4443) and the
 * Internet checksum (RFC 1071, 1624). Static accessors over (segment, offset): offsets are named
 * once, and no accessor checks anything that its caller has to check once per packet. Any thread.
 */
@NullMarked
package dev.culvert.tun.packet;

import org.jspecify.annotations.NullMarked;
