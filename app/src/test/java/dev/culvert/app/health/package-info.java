@NullMarked
package dev.culvert.app.health;

import org.jspecify.annotations.NullMarked;
