/** The server's clients: folder, addresses, texts and pictures; and with real programs. */
@NullMarked
package dev.culvert.app.server;

import org.jspecify.annotations.NullMarked;
