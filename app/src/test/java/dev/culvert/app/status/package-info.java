@NullMarked
package dev.culvert.app.status;

import org.jspecify.annotations.NullMarked;
