/**
 * The server side: clients with their keys and addresses, kept in a folder of linuxserver's layout,
 * their configurations as text and as QR codes, and the tunnel that they make. Each call belongs to
 * its caller's thread; a lock in the folder keeps processes apart.
 */
@NullMarked
package dev.culvert.app.server;

import org.jspecify.annotations.NullMarked;
