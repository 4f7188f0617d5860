/** The commands. */
@NullMarked
package dev.culvert.app.command;

import org.jspecify.annotations.NullMarked;
