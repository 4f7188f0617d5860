@NullMarked
package dev.culvert.app.http;

import org.jspecify.annotations.NullMarked;
