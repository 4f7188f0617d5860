/** What is concluded from what is seen. */
@NullMarked
package dev.culvert.app.diagnose;

import org.jspecify.annotations.NullMarked;
