/**
 * The program: command line, environment, the life of the process. The main thread sets up and then
 * waits for a reason to exit.
 */
@NullMarked
package dev.culvert.app;

import org.jspecify.annotations.NullMarked;
