/** What a connection goes by, at times that the tests choose. */
@NullMarked
package dev.culvert.app.connection;

import org.jspecify.annotations.NullMarked;
