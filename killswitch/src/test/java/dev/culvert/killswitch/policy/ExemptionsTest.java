package dev.culvert.killswitch.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExemptionsTest {
    /** A local network that is the whole Internet would be no kill switch at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "8.0.0.0/7"})
    void threat14RefusesALocalNetworkThatIsTooBroad(String subnet) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> lan(subnet));
        assertTrue(String.valueOf(refused.getMessage()).contains("too large for a local network"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"})
    void takesPrivateNetworks(String subnet) {
        assertEquals(List.of(Subnet.parse(subnet)), lan(subnet).lan());
    }

    @Test
    void refusesDnsServersThatAreNone() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new Exemptions(
                                List.of(),
                                List.of(),
                                List.of(Subnet.parseAddress("0.0.0.0")),
                                false));
    }

    private static Exemptions lan(String subnet) {
        return new Exemptions(List.of(Subnet.parse(subnet)), List.of(), List.of(), false);
    }
}
