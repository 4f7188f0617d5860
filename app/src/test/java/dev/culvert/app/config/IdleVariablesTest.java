package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IdleVariablesTest {
    @Test
    void areSaidInOneLineForEachThatIsMissing() {
        assertEquals(
                List.of(
                        "CHECK_CONNECTION_URL, CHECK_CONNECTION_ATTEMPTS: have no effect without"
                                + " CHECK_CONNECTION_CRON, which says when to check",
                        "STATUS_TOKEN: has no effect without STATUS_ADDR",
                        "GATEWAY_DNS_SERVER: has no effect without GATEWAY_DNS",
                        "SERVERPORT, INTERNAL_SUBNET: have no effect without PEERS, SERVERURL or"
                                + " WG_CLIENT_PUBKEY, which make a server"),
                IdleVariables.notices(
                        Map.of(
                                "CHECK_CONNECTION_URL", "https://example.com",
                                "CHECK_CONNECTION_ATTEMPTS", "3",
                                "STATUS_TOKEN", "0123456789abcdef",
                                "GATEWAY_DNS_SERVER", "10.64.0.1",
                                "INTERNAL_SUBNET", "10.13.13.0",
                                "SERVERPORT", "51820")));
    }

    @Test
    void withWhatAsksForThemTheyAreNotMentioned() {
        assertEquals(
                List.of(),
                IdleVariables.notices(
                        Map.of(
                                "CHECK_CONNECTION_URL", "https://example.com",
                                "CHECK_CONNECTION_CRON", "* * * * *",
                                "STATUS_TOKEN", "0123456789abcdef",
                                "STATUS_ADDR", ":8000",
                                "GATEWAY_DNS_SERVER", "10.64.0.1",
                                "GATEWAY_DNS", "redirect",
                                "SERVERPORT", "51820",
                                "PEERS", "1",
                                "CULVERT_STATE_DIR", "/state")));
    }
}
