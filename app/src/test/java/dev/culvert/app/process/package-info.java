/**
 * The program as it is installed, started from {@code dist/culvert} (system property {@code
 * culvert.dist}) inside of network namespaces.
 */
@NullMarked
package dev.culvert.app.process;

import org.jspecify.annotations.NullMarked;
