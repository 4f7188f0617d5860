package dev.culvert.app.http;

import com.sun.net.httpserver.Headers;

/** What is at a path. Called by the threads of its endpoint. */
@FunctionalInterface
public interface Page {
    /**
     * The answer to a GET.
     *
     * @throws IllegalStateException who would know cannot be asked at the moment
     */
    Response get(Headers request);
}
