/**
 * The connection of one tunnel: its set-up, the watch over its peers, other addresses for those
 * that do not answer, the change to another configuration, its end. Every step opens no more than
 * it needs; every failure leaves the way closed. Thread: the sidecar's, but for looking up names.
 */
@NullMarked
package dev.culvert.app.connection;

import org.jspecify.annotations.NullMarked;
