package dev.culvert.app.diagnose;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** From which address the Internet sees us: a service that answers with it. */
final class ExitProbe {
    private static final int CONNECT_TIMEOUT_MS = 4000;
    private static final int READ_TIMEOUT_MS = 5000;
    private static final int MAX_BYTES = 64;

    /** How far it got. */
    enum Progress {
        ANSWERED,
        NAME_UNKNOWN,
        NOT_CONNECTED,
        HANGS,
        NOT_TRIED
    }

    /**
     * What came of it.
     *
     * @param text the address, or what went wrong
     */
    record Result(Progress progress, String text) {}

    private ExitProbe() {}

    static Result of(String url) {
        if (url.equals("off")) {
            return new Result(Progress.NOT_TRIED, "not asked for");
        }
        try {
            URLConnection connection = URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
            connection.setReadTimeout(READ_TIMEOUT_MS);
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                String answer =
                        new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII).strip();
                return new Result(Progress.ANSWERED, answer.replaceAll("[^0-9A-Fa-f:.]", "?"));
            }
        } catch (UnknownHostException unknown) {
            return new Result(Progress.NAME_UNKNOWN, "its name cannot be resolved");
        } catch (SocketTimeoutException timeout) {
            // The JDK says "Connect timed out" or "Read timed out".
            boolean connecting =
                    String.valueOf(timeout.getMessage())
                            .toLowerCase(java.util.Locale.ROOT)
                            .startsWith("connect");
            return connecting
                    ? new Result(Progress.NOT_CONNECTED, "no connection within 4 s")
                    : new Result(Progress.HANGS, "connected, but no answer within 5 s");
        } catch (IOException | IllegalArgumentException refused) {
            return new Result(Progress.NOT_CONNECTED, String.valueOf(refused.getMessage()));
        }
    }
}
