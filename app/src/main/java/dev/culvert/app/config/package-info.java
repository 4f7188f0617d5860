/**
 * What a tunnel is to be, read from a wg-quick file or from the environment: every value checked,
 * every mistake of a source reported at once, with its line and what would be right.
 *
 * <p>Secrets are byte arrays from the file to the engine, zeroed by whoever holds them last; no
 * message, exception or {@code toString} shows one. Thread: main.
 */
@NullMarked
package dev.culvert.app.config;

import org.jspecify.annotations.NullMarked;
