/**
 * Names: those of endpoints are asked for over sockets with the program's own mark, since nothing
 * else may leave; and resolv.conf, which tells the programs of the namespace whom to ask. Thread:
 * the sidecar's.
 */
@NullMarked
package dev.culvert.app.dns;

import org.jspecify.annotations.NullMarked;
