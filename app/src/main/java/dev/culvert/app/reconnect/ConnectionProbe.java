package dev.culvert.app.reconnect;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Asks URLs as any program of the namespace would: through the tunnel, or not at all. */
final class ConnectionProbe {
    private static final int TIMEOUT_MS = 5000;
    private static final int FIRST_ERROR_STATUS = 400;

    private final List<URI> urls;

    ConnectionProbe(List<URI> urls) {
        this.urls = urls;
    }

    /** Empty: one of them answered. Otherwise what the last one said. */
    Optional<String> failure() {
        String last = "";
        for (URI url : urls) {
            Optional<String> failure = failure(url);
            if (failure.isEmpty()) {
                return failure;
            }
            last = failure.get();
        }
        return Optional.of(last);
    }

    private static Optional<String> failure(URI url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setUseCaches(false);
            // A connection that was kept would test a path that is there already.
            connection.setRequestProperty("Connection", "close");
            try {
                int status = connection.getResponseCode();
                return status > 0 && status < FIRST_ERROR_STATUS
                        ? Optional.empty()
                        : Optional.of(url.getHost() + " answers with status " + status);
            } finally {
                connection.disconnect();
            }
        } catch (IOException refused) {
            return Optional.of(url.getHost() + ": " + refused.getMessage());
        }
    }
}
