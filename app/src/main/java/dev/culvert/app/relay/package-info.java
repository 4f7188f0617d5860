/**
 * All tunnels of a process, and the rules between them: read together, since what is right in each
 * file may be wrong in two; opened, looked after and changed together, since one may carry or stand
 * in for another. Thread: main.
 */
@NullMarked
package dev.culvert.app.relay;

import org.jspecify.annotations.NullMarked;
