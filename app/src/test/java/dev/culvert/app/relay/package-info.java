@NullMarked
package dev.culvert.app.relay;

import org.jspecify.annotations.NullMarked;
