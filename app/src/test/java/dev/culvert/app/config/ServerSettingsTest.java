package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerSettingsTest {
    private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    private static ServerSettings settings(String... variables) throws ConfigException {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables) {
            String[] words = variable.split("=", 2);
            environment.put(words[0], words[1]);
        }
        return ServerSettings.of(environment);
    }

    @Test
    void peersIsACountOrNames() throws Exception {
        assertEquals("[1, 2, 3]", settings("PEERS=3").peers().toString());
        assertEquals(
                "[laptop, my-phone, 7]", settings("PEERS=laptop, my-phone,7").peers().toString());
        assertEquals(List.of(), settings("PEERS=0").peers());
    }

    @Test
    void defaultsAreThoseOfLinuxserver() throws Exception {
        ServerSettings settings = settings("PEERS=1");
        assertEquals("[10.13.13.0/24]", settings.pool().toString());
        assertEquals(51820, settings.listenPort());
        assertEquals(51820, settings.serverPort());
        assertEquals("[0.0.0.0/0, 0:0:0:0:0:0:0:0/0]", settings.allowedIps().toString());
        assertFalse(settings.printed(), "but for keys in the log");
    }

    @Test
    void clientsCallTheOuterPortAndTheServerListensAtTheInnerOne() throws Exception {
        ServerSettings settings = settings("PEERS=1", "SERVERPORT=443", "WG_SERVER_PORT=51821");
        assertEquals(443, settings.serverPort());
        assertEquals(51821, settings.listenPort());
    }

    @Test
    void thePoolFollowsTheRemoteClient() throws Exception {
        ServerSettings settings =
                settings("WG_CLIENT_PUBKEY=" + KEY, "WG_CLIENT_IP=10.8.0.2/24, fd00:8::2");
        assertEquals("[10.8.0.0/24, fd00:8:0:0:0:0:0:0/64]", settings.pool().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PEERS=../etc | PEERS: \"../etc\" is no name of a client",
                "PEERS=a,b,a | PEERS: names a twice",
                "PEERS=007 7 | PEERS: \"007\" is no name of a client",
                "PEERS=20000 | PEERS: \"20000\" is no count of clients: a number from 0 to 10000",
                "SERVERURL=https://vpn.example.com | SERVERURL: \"https://vpn.example.com\" is",
                "SERVERURL=vpn.example.com:51820 | SERVERURL: \"vpn.example.com:51820\" is neither",
                "SERVERPORT=0 | SERVERPORT: \"0\" is no port: a number from 1 to 65535",
                "WG_SERVER_PORT=udp | WG_SERVER_PORT: \"udp\" is no port",
                "INTERNAL_SUBNET=10.13.13 | INTERNAL_SUBNET: \"10.13.13/24\" is not an address",
                "INTERNAL_SUBNET=10.13.13.0/31 | INTERNAL_SUBNET: 10.13.13.0/31 is no pool",
                "INTERNAL_SUBNET=10.1.0.0,10.2.0.0 | INTERNAL_SUBNET: has two networks of one",
                "ALLOWEDIPS=all | ALLOWEDIPS: \"all\" is not an address with a prefix length",
                "PEERDNS=http://1.1.1.1 | PEERDNS: \"http://1.1.1.1\" is neither the address",
                "LOG_CONFS=maybe | LOG_CONFS: \"maybe\" is not one of false, true",
                "WG_CLIENT_PUBKEY=abc | WG_CLIENT_IP: is not set",
                "WG_CLIENT_IP=10.8.0.2 | WG_CLIENT_IP: is set without WG_CLIENT_PUBKEY",
                "SERVER_ALLOWEDIPS_PEER_1=lan | SERVER_ALLOWEDIPS_PEER_1: \"lan\" is not an",
            })
    void eachMistakeIsOneLine(String variable, String message) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> settings("PEERS=1", variable));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.startsWith(message), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void aKeyThatIsNoneIsNotShown() {
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () -> settings("WG_CLIENT_PUBKEY=c2VjcmV0", "WG_CLIENT_IP=10.8.0.2"));
        assertEquals(
                "WG_CLIENT_PUBKEY: is not a key: 44 characters of base64", refused.getMessage());
    }
}
