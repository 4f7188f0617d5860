/**
 * A tunnel's packets between the TUN device and UDP: {@link dev.culvert.datapath.Datapath} puts the
 * engine, the sockets, the I/O engine and the threads together, and is what a program talks to.
 */
@NullMarked
package dev.culvert.datapath;

import org.jspecify.annotations.NullMarked;
