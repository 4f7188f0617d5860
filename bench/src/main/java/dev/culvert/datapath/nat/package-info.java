/** Benchmarks of what the data path's translation keeps to its package. */
@NullMarked
package dev.culvert.datapath.nat;

import org.jspecify.annotations.NullMarked;
