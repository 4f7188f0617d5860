/**
 * What a sidecar says of itself, once: as text for people, as JSON for programs and the status
 * page, as numbers for metrics.
 */
@NullMarked
package dev.culvert.app.status;

import org.jspecify.annotations.NullMarked;
