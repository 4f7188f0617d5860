/**
 * Benchmarks. Without a module-info: this is no part of the program, and it borrows the network
 * namespaces of tun's tests.
 */
@NullMarked
package dev.culvert.bench;

import org.jspecify.annotations.NullMarked;
