/** The one privilege that the program needs, where it comes from a capability of its file. */
@NullMarked
package dev.culvert.app.privilege;

import org.jspecify.annotations.NullMarked;
