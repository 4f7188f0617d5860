package dev.culvert.app.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Chromium without a window, by the few words of WebDriver that a test of one page needs. */
final class Browser implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"([0-9a-f]+)\"");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    Browser(Path profile) throws IOException, InterruptedException {
        driver = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
        BufferedReader out = driver.inputReader(StandardCharsets.UTF_8);
        String root = root(out);
        String answer =
                post(
                        root,
                        "{\"capabilities\":{\"alwaysMatch\":{\"goog:chromeOptions\":{\"args\":[\"--headless=new\",\"--no-sandbox\",\"--disable-gpu\",\"--user-data-dir="
                                + profile
                                + "\"]}}}}");
        Matcher id = SESSION.matcher(answer);
        if (!id.find()) {
            throw new IOException(answer);
        }
        session = root + "/" + id.group(1);
    }

    /** Chromedriver says where it listens, and then nothing more. */
    private static String root(BufferedReader out) throws IOException {
        while (true) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("chromedriver has ended");
            }
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return "http://127.0.0.1:" + port.group(1) + "/session";
            }
        }
    }

    void setTheme(String theme) throws IOException, InterruptedException {
        devtools(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + theme + "\"}]}");
    }

    void setWidth(int width) throws IOException, InterruptedException {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":"
                        + width
                        + ",\"height\":900,\"deviceScaleFactor\":1,\"mobile\":false}");
    }

    private void devtools(String command, String parameters)
            throws IOException, InterruptedException {
        post(
                session + "/goog/cdp/execute",
                "{\"cmd\":\"" + command + "\",\"params\":" + parameters + "}");
    }

    void open(String url) throws IOException, InterruptedException {
        post(session + "/url", "{\"url\":\"" + url + "\"}");
    }

    /** Its value as JSON, in {@code {"value":...}}. */
    String evaluate(String expression) throws IOException, InterruptedException {
        return post(
                session + "/execute/sync",
                "{\"script\":\"return " + expression + "\",\"args\":[]}");
    }

    private String post(String url, String body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws IOException {
        try {
            client.send(
                    HttpRequest.newBuilder(URI.create(session)).DELETE().build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
            driver.destroy();
        }
    }
}
