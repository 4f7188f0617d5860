/**
 * Logging to stderr, one line per event, configured in code: Logback's XML would take longer to
 * read than the rest of the start.
 */
@NullMarked
package dev.culvert.app.log;

import org.jspecify.annotations.NullMarked;
