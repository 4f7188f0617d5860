/**
 * Answers to packets that no peer takes, written back to the TUN as the kernel implementation does:
 * ICMP host unreachable (RFC 792) and ICMPv6 address unreachable (RFC 4443). Owned by the outbound
 * thread.
 */
@NullMarked
package dev.culvert.datapath.icmp;

import org.jspecify.annotations.NullMarked;
