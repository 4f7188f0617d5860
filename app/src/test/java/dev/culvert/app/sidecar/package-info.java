/** The sidecar as a process in a network namespace with a peer beyond its uplink. */
@NullMarked
package dev.culvert.app.sidecar;

import org.jspecify.annotations.NullMarked;
