package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.PortRange;
import dev.culvert.killswitch.policy.Subnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarSettingsTest {
    @Test
    void isStrictAndExemptsNothingByDefault() throws ConfigException {
        SidecarSettings settings = SidecarSettings.of(Map.of("NETWORK", "", "PATH", "/bin"));

        assertEquals(SidecarSettings.STRICTEST, settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NETWORK", "FIREWALL_OUTBOUND_SUBNETS", "LOCAL_NETWORK", "NET_LOCAL"})
    void knowsTheLocalNetworksByEachName(String name) throws ConfigException {
        assertEquals(
                List.of(
                        Subnet.parse("192.168.0.0/16"),
                        Subnet.parse("10.0.0.0/8"),
                        Subnet.parse("fd00::/8")),
                SidecarSettings.of(Map.of(name, "192.168.0.0/16;10.0.0.0/8, fd00::/8"))
                        .exemptions()
                        .lan());
    }

    @Test
    void readsTheRest() throws ConfigException {
        SidecarSettings settings =
                SidecarSettings.of(
                        Map.of(
                                "KILLSWITCH", "best-effort",
                                "FIREWALL_INPUT_PORTS", "8080,6881-6889",
                                "DNS_LOCAL", "docker,192.168.1.1",
                                "ENDPOINT_DNS", "9.9.9.9",
                                "CULVERT_ALLOW_HOST_NETNS", "1"));

        assertEquals(Strictness.BEST_EFFORT, settings.strictness());
        assertEquals(
                List.of(new PortRange(8080, 8080), new PortRange(6881, 6889)),
                settings.exemptions().inboundPorts());
        assertTrue(settings.exemptions().dockerResolver());
        assertEquals(
                List.of(InetAddress.ofLiteral("192.168.1.1")), settings.exemptions().dnsServers());
        assertEquals(List.of(InetAddress.ofLiteral("9.9.9.9")), settings.endpointDns());
        assertTrue(settings.hostNamespaceAllowed());
        assertFalse(SidecarSettings.STRICTEST.hostNamespaceAllowed());
    }

    @ParameterizedTest
    @CsvSource({
        "KILLSWITCH,on",
        "NETWORK,0.0.0.0/0",
        "NETWORK,::/0",
        "NETWORK,home",
        "FIREWALL_INPUT_PORTS,0",
        "FIREWALL_INPUT_PORTS,9-1",
        "DNS_LOCAL,yes",
        "ENDPOINT_DNS,dns.example",
    })
    void namesTheVariableThatIsWrong(String name, String value) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> SidecarSettings.of(Map.of(name, value)));

        assertEquals(1, refused.problems().size());
        assertEquals(name, refused.problems().getFirst().source());
    }
}
