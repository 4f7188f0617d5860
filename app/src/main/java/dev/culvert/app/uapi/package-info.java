/**
 * The UAPI socket: published, served, watched for removal. One thread accepts, each connection has
 * a thread of its own, so that a slow client holds up nobody; what a client can take is bounded in
 * connections, line length, entries of a request and time.
 */
@NullMarked
package dev.culvert.app.uapi;

import org.jspecify.annotations.NullMarked;
