/**
 * Cryptokey routing (whitepaper §2): which peer owns an inner address, by longest prefix. The home
 * thread changes the table, any thread looks addresses up, without a lock and without allocation.
 */
@NullMarked
package dev.culvert.wg.allowedips;

import org.jspecify.annotations.NullMarked;
