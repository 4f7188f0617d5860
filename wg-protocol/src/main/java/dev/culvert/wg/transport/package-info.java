/**
 * Sessions and transport data messages (whitepaper §5.4.6): keypairs with their counters and replay
 * windows, the table of receiver indices, and sealing and opening one packet. The home thread makes
 * and retires keypairs; outbound and inbound threads use them between {@link
 * dev.culvert.wg.transport.Keypair#acquire() acquire} and {@link
 * dev.culvert.wg.transport.Keypair#release() release}, without a lock.
 */
@NullMarked
package dev.culvert.wg.transport;

import org.jspecify.annotations.NullMarked;
