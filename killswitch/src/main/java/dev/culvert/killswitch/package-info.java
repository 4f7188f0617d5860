/**
 * The kill switch: the policy of each tunnel state as data, compiled into one nftables transaction.
 * Nothing stands here yet; until it does, culvert gives no more protection from leaks than
 * wireguard-go.
 */
@NullMarked
package dev.culvert.killswitch;

import org.jspecify.annotations.NullMarked;
