package dev.culvert.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import dev.culvert.app.status.SampleReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusPageTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void servesThePageToEverybodyAndTheReportToWhoKnowsTheToken() {
        StatusPage locked = page(TOKEN);

        assertEquals(200, StatusPage.page().status());
        assertEquals(401, report(locked, "Authorization", null).status());
        assertEquals(401, report(locked, "Authorization", "Bearer " + TOKEN + "0").status());
        assertEquals(401, report(locked, "Authorization", TOKEN).status());
        assertFalse(report(locked, "Authorization", "Bearer x").body().contains("wg0"));

        Response shown = report(locked, "Authorization", "Bearer " + TOKEN);
        assertEquals(200, shown.status());
        assertTrue(shown.body().contains("\"interface\":\"wg0\""), shown.body());
    }

    @Test
    void letsItsOwnScriptRunAndNoOther() {
        String policy = StatusPage.page().headers().getOrDefault("Content-Security-Policy", "");

        assertTrue(policy.contains("default-src 'none'"), policy);
        assertTrue(policy.contains("script-src 'sha256-"), policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:8000", "[::1]:8000"})
    void knowsItsOwnNames(String host) {
        assertEquals(200, report(page(""), "Host", host).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "127.0.0.1.example.com:8000", "localhost.example"})
    void refusesAStrangersPageThatPointsHere(String host) {
        assertEquals(403, report(page(""), "Host", host).status());
        assertEquals(403, report(page(""), "Host", null).status());
    }

    private static StatusPage page(String token) {
        return new StatusPage(
                token, () -> SampleReport.with(SampleReport.peer(SampleReport.KEY, 1_000)));
    }

    private static Response report(StatusPage page, String header, @Nullable String value) {
        Headers headers = new Headers();
        if (value != null) {
            headers.set(header, value);
        }
        return page.report(headers);
    }
}
