/**
 * The kernel's nf_tables through libnftables (the library of {@code nft}), bound when it is first
 * used: JNA costs start-up time. A context belongs to the network namespace of the thread that
 * makes it, so one is made for each call.
 */
@NullMarked
package dev.culvert.killswitch.nftables;

import org.jspecify.annotations.NullMarked;
