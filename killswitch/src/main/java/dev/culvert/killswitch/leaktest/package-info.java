/**
 * Probes that try to get past the kill switch, each in its own way, to an address that nobody else
 * uses: whoever watches the uplink tells by the address which one got out. The addresses are those
 * reserved for benchmarks (RFC 2544, RFC 5180), which no network routes.
 */
@NullMarked
package dev.culvert.killswitch.leaktest;

import org.jspecify.annotations.NullMarked;
