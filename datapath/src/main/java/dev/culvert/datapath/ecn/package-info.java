/**
 * Explicit congestion notification across the tunnel (RFC 6040): the inner field is copied to the
 * outer header, and a congestion mark that the outer header met on its way is handed in. Stateless.
 */
@NullMarked
package dev.culvert.datapath.ecn;

import org.jspecify.annotations.NullMarked;
