package dev.culvert.app.http;

import java.util.Map;

/**
 * An answer.
 *
 * @param headers beyond those of the content
 */
public record Response(int status, String contentType, String body, Map<String, String> headers) {
    public Response {
        headers = Map.copyOf(headers);
    }

    /** Plain text. */
    public static Response text(int status, String body) {
        return new Response(status, "text/plain; charset=utf-8", body, Map.of());
    }
}
