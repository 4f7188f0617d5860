package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrangeNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SERVER_URL | is not known; did you mean SERVERURL?",
                "KILL_SWITCH | is not known; did you mean KILLSWITCH?",
                "NETWROK | is not known; did you mean NETWORK?",
                "FIREWALL_INPUT_PORT | is not known; did you mean FIREWALL_INPUT_PORTS?",
                "LOCAL_NETWORKS | is not known; did you mean LOCAL_NETWORK?",
                "CULVERT_SPEED | is not known, and has no effect",
                "WG_HOST | is a name of wg-easy and has no effect here; there is SERVERURL",
                "HEALTH_TARGET_ADDRESS | is a name of gluetun and has no effect here; there is"
                        + " CHECK_CONNECTION_URL",
                "DNS | is a name of azinchen/nordvpn-wg and has no effect here; there is"
                        + " WIREGUARD_DNS",
            })
    void areSaidInOneLine(String name, String notice) {
        assertEquals(List.of(name + ": " + notice), StrangeNames.notices(Map.of(name, "1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VPN_SERVICE_PROVIDER | mullvad | has no effect here: there are no lists of servers",
                "VPN_TYPE | openvpn | has no effect here: WireGuard is all there is here",
                "HTTPPROXY | on | has no effect here: there is no proxy here",
                "FIREWALL_VPN_INPUT_PORTS | 6881 | has no effect here: not needed",
            })
    void whatThereIsNotIsSaidWhereItIsAskedFor(String name, String value, String notice) {
        String said = StrangeNames.notices(Map.of(name, value)).getFirst();
        assertTrue(said.startsWith(name + ": " + notice), said);
    }

    @Test
    void whatIsNotAskedForIsNotMissed() {
        assertEquals(
                List.of(),
                StrangeNames.notices(
                        Map.of(
                                "VPN_SERVICE_PROVIDER", "custom",
                                "VPN_TYPE", "wireguard",
                                "DOT", "off")));
    }

    @Test
    void whatIsKnownOrNobodysBusinessIsNotMentioned() {
        Map<String, String> environment = new TreeMap<>();
        for (Variable variable : Variable.all()) {
            if (!(variable instanceof NumberedVariable)) {
                variable.names().forEach(name -> environment.put(name, "1"));
            }
        }
        for (String name :
                List.of(
                        "PATH",
                        "HOME",
                        "HOSTNAME",
                        "TERM",
                        "TZ",
                        "PUID",
                        "PGID",
                        "LANG",
                        "USER",
                        "SHLVL",
                        "PWD",
                        "JAVA_HOME",
                        "LC_ALL",
                        "container",
                        "STATUS_TOKEN_FILE",
                        "FILE__STATUS_TOKEN",
                        "WIREGUARD_PRIVATE_KEY_SECRETFILE",
                        "WG1_PRIVATE_KEY",
                        "SERVER_ALLOWEDIPS_PEER_laptop",
                        "CULVERT_SERVICE_HOST",
                        "CULVERT_PORT_9586_TCP",
                        "KUBERNETES_SERVICE_HOST",
                        "INVOCATION_ID")) {
            environment.put(name, "1");
        }
        assertEquals(List.of(), StrangeNames.notices(environment));
    }
}
