package dev.culvert.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.status.SampleReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as Chromium shows it, light and dark, on a desk and on a telephone. */
@Tag("browser")
final class StatusPageBrowserTest {
    private static final int PATIENCE_MS = 10_000;

    @TempDir Path profile;
    private final AtomicLong rxBytes = new AtomicLong();

    @Test
    void showsTheReportInBothThemesAtBothWidths() throws Exception {
        StatusPage page =
                new StatusPage(
                        "",
                        () ->
                                SampleReport.with(
                                        SampleReport.peer(
                                                SampleReport.KEY, rxBytes.addAndGet(1 << 20))));
        InetSocketAddress address = freeAddress();
        try (HttpEndpoint _ = HttpEndpoint.open("page", address, page.pages());
                Browser browser = new Browser(profile)) {
            for (String theme : new String[] {"light", "dark"}) {
                browser.setTheme(theme);
                String background = "";
                for (int width : new int[] {375, 1280}) {
                    browser.setWidth(width);
                    browser.open("http://127.0.0.1:" + address.getPort() + "/");
                    await(browser, "document.getElementById('state').textContent", "ready");
                    await(browser, "document.body.innerText.includes('192.0.2.2:51820')", "true");
                    await(browser, "document.body.innerText.includes('no peer')", "true");
                    await(browser, "document.querySelectorAll('svg path').length", "4");
                    assertEquals(
                            "{\"value\":true}",
                            browser.evaluate("document.documentElement.scrollWidth <= innerWidth"),
                            "nothing sticks out");
                    await(
                            browser,
                            "[...document.querySelectorAll('dd')].map(d => d.textContent).join(';')",
                            "42 of 65 536");
                    background =
                            browser.evaluate("getComputedStyle(document.body).backgroundColor");
                }
                assertTrue(
                        background.contains(theme.equals("light") ? "244, 245, 247" : "16, 20, 27"),
                        background);
            }
        }
    }

    private static void await(Browser browser, String expression, String part) throws Exception {
        String value = browser.evaluate(expression);
        for (int waitedMs = 0; !value.contains(part); waitedMs += 200) {
            assertTrue(waitedMs < PATIENCE_MS, expression + " is " + value);
            Thread.sleep(200);
            value = browser.evaluate(expression);
        }
    }

    private static InetSocketAddress freeAddress() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }
}
