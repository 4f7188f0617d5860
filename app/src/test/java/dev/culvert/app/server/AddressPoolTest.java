package dev.culvert.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.config.ConfigException;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AddressPoolTest {
    private static AddressPool pool(String... networks) {
        return new AddressPool(Stream.of(networks).map(IpPrefix::parse).toList());
    }

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(InetAddress::ofLiteral).toList();
    }

    @Test
    void theServerHasTheFirstAndClientsTheSameNumberInBothFamilies() throws Exception {
        AddressPool pool = pool("10.13.13.0/24", "fd00:13::/64");
        assertEquals(
                List.of(IpPrefix.parse("10.13.13.1/24"), IpPrefix.parse("fd00:13::1/64")),
                pool.server());
        assertEquals(addresses("10.13.13.2", "fd00:13::2"), pool.next());
        assertTrue(pool.take(InetAddress.ofLiteral("fd00:13::3")));
        assertEquals(addresses("10.13.13.3", "fd00:13::4"), pool.next());
    }

    @Test
    void whatWasFreedIsGivenAgain() throws Exception {
        AddressPool pool = pool("10.13.13.0/24");
        for (int number : new int[] {2, 3, 5}) {
            assertTrue(pool.take(InetAddress.ofLiteral("10.13.13." + number)));
        }
        assertEquals(addresses("10.13.13.4"), pool.next());
        assertEquals(addresses("10.13.13.6"), pool.next());
    }

    @Test
    void givesEveryAddressOnceAndThenSaysThatItIsFull() throws Exception {
        AddressPool pool = pool("192.0.2.64/28");
        Set<InetAddress> given = new HashSet<>();
        for (int i = 0; i < 13; i++) {
            assertTrue(given.addAll(pool.next()));
        }
        assertTrue(given.contains(InetAddress.ofLiteral("192.0.2.78")));
        ConfigException full = assertThrows(ConfigException.class, pool::next);
        assertTrue(
                String.valueOf(full.getMessage())
                        .startsWith("INTERNAL_SUBNET: 192.0.2.64/28 has no free address left"),
                full.getMessage());
    }

    @Test
    void knowsWhichAddressesAreHosts() {
        AddressPool pool = pool("10.13.13.0/24", "fd00:13::/64");
        assertTrue(pool.contains(InetAddress.ofLiteral("10.13.13.254")));
        assertTrue(pool.contains(InetAddress.ofLiteral("fd00:13::ffff:1")));
        for (String not : List.of("10.13.13.0", "10.13.13.255", "10.13.14.1", "fd00:14::1")) {
            assertFalse(pool.contains(InetAddress.ofLiteral(not)), not);
        }
    }
}
