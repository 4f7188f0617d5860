/**
 * The commands of the sidecar: {@code run}, {@code up}, {@code down}, {@code reload}, {@code
 * status}, {@code check}, {@code client}, {@code diagnose}, {@code disarm}, {@code leaktest}. Each
 * is one call with an exit status; none of their classes is loaded by the plain start of a tunnel.
 */
@NullMarked
package dev.culvert.app.command;

import org.jspecify.annotations.NullMarked;
