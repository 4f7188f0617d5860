package dev.culvert.app.http;

import com.sun.net.httpserver.Headers;
import dev.culvert.app.status.StatusReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The status page and what it shows, read-only. The page itself says nothing and is everybody's;
 * the report is for who has the token. Without a token the page is for loopback: then a request by
 * another name than the machine's own is refused, for it may come from a stranger's page (DNS
 * rebinding).
 */
final class StatusPage {
    private static final String RESOURCE = "status.html";
    private static final String BEARER = "Bearer ";

    private final byte[] token;
    private final Supplier<StatusReport> reports;

    StatusPage(String token, Supplier<StatusReport> reports) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.reports = reports;
    }

    Map<String, Page> pages() {
        return Map.of("/", request -> page(), "/status.json", this::report);
    }

    static Response page() {
        String html = html();
        return new Response(
                200,
                "text/html; charset=utf-8",
                html,
                Map.of(
                        "Content-Security-Policy",
                        "default-src 'none'; connect-src 'self'; form-action 'none';"
                                + " frame-ancestors 'none'; base-uri 'none';"
                                + " style-src 'unsafe-inline'; script-src '"
                                + scriptHash(html)
                                + "'",
                        "X-Content-Type-Options",
                        "nosniff",
                        "Referrer-Policy",
                        "no-referrer"));
    }

    private static String html() {
        try (InputStream in =
                Objects.requireNonNull(StatusPage.class.getResourceAsStream(RESOURCE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Lets the page's own script run and no other. */
    private static String scriptHash(String html) {
        int start = html.indexOf("<script>") + "<script>".length();
        String script = html.substring(start, html.indexOf("</script>"));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Response report(Headers request) {
        if (token.length == 0 ? !isOwnName(request.getFirst("Host")) : !hasToken(request)) {
            return Response.text(token.length == 0 ? 403 : 401, "not for you\n");
        }
        return new Response(200, "application/json", reports.get().json(), Map.of());
    }

    private boolean hasToken(Headers request) {
        String given = request.getFirst("Authorization");
        return given != null
                && given.startsWith(BEARER)
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), token);
    }

    /** {@code localhost} or an address, with or without a port. */
    private static boolean isOwnName(@Nullable String host) {
        return host != null
                && host.matches("(localhost|[0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}\\])(:[0-9]{1,5})?");
    }
}
