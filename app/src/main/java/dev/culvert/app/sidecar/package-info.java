/**
 * {@code culvert run}: tunnels that configure themselves and a kill switch around them. It arms
 * first, then reads its configuration; every step towards the tunnel opens no more than it needs,
 * every failure leaves the namespace closed, and so does the end of the process.
 *
 * <p>One thread owns it all, the main one: it brings the tunnel up, then looks after it several
 * times a second and does what the control socket asks for in between.
 */
@NullMarked
package dev.culvert.app.sidecar;

import org.jspecify.annotations.NullMarked;
