/**
 * What is served over HTTP: health for orchestrators, metrics. By the JDK's own server, which takes
 * the place of a quarter of a megabyte in the runtime, and by few threads of low priority.
 */
@NullMarked
package dev.culvert.app.http;

import org.jspecify.annotations.NullMarked;
