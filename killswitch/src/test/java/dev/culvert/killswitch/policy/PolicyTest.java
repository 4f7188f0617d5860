package dev.culvert.killswitch.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    @Test
    void markOfZeroIsNoMark() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new Connecting(
                                List.of(),
                                Exemptions.NONE,
                                0,
                                Set.of(),
                                Set.of(),
                                List.of(),
                                Optional.empty()));
    }

    @Test
    void reloadingReachesTheEndpointsOfBothConfigurations() {
        Endpoint before = new Endpoint(Subnet.parseAddress("192.0.2.1"), 51820);
        Endpoint after = new Endpoint(Subnet.parseAddress("2001:db8::1"), 51821);
        Policy reloading =
                new Reloading(
                        List.of(),
                        Exemptions.NONE,
                        0xca6c,
                        Set.of(before),
                        Set.of(after),
                        Set.of(),
                        List.of(new TunnelLink("wg0", 7, List.of())),
                        Optional.empty());
        assertEquals(Set.of(before, after), reloading.endpoints());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "lo", "a b", "x\" accept", "eth0;", "$uplinks", "a-name-of-16-chr", "{"})
    void refusesNamesThatCouldEndUpAsRules(String name) {
        assertThrows(
                IllegalArgumentException.class, () -> new Uplink(name, 2, List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new TunnelLink(name, 2, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "70000", "8090-8080", "http", "1-", "-1", ""})
    void refusesPortsThatAreNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> PortRange.parse(text));
    }

    @Test
    void readsPortsAndRanges() {
        assertEquals(new PortRange(8080, 8080), PortRange.parse("8080"));
        assertEquals(new PortRange(6881, 6889), PortRange.parse("6881-6889"));
    }

    @Test
    void pinholeIsForServersAndForATime() {
        List<Pinhole.Target> targets =
                Pinhole.dns(List.of(Subnet.parseAddress("9.9.9.9")), Duration.ofSeconds(20))
                        .targets();
        assertEquals(2, targets.size());
        assertThrows(
                IllegalArgumentException.class, () -> new Pinhole(targets, Duration.ofHours(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Pinhole(List.of(), Duration.ofSeconds(20)));
    }
}
