/**
 * Several tunnels in one process, and the rules between them: read together, since what is right in
 * each file may be wrong in two. Thread: main.
 */
@NullMarked
package dev.culvert.app.relay;

import org.jspecify.annotations.NullMarked;
