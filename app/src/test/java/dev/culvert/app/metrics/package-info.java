@NullMarked
package dev.culvert.app.metrics;

import org.jspecify.annotations.NullMarked;
