package dev.culvert.datapath.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class UdpEndpointTest {
    private static UdpEndpoint of(String address, int port, String scope) throws Exception {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        return Objects.requireNonNull(UdpEndpoint.of(bytes, port, scope));
    }

    @Test
    void encodesTheSocketAddressOfEachFamily() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(32, 8);
            name.fill((byte) 0x55);
            assertEquals(16, of("192.0.2.7", 51820, "").encode(name, 0));
            assertEquals(SocketConstants.AF_INET, SockAddr.family(name, 0));
            assertEquals(51820, SockAddr.port(name, 0));
            assertArrayEquals(new byte[] {(byte) 192, 0, 2, 7}, SockAddr.address(name, 0));

            name.fill((byte) 0x55);
            UdpEndpoint linkLocal = of("fe80::7", 65535, "1");
            assertEquals(28, linkLocal.encode(name, 0));
            assertEquals(SocketConstants.AF_INET6, SockAddr.family(name, 0));
            assertEquals(65535, SockAddr.port(name, 0));
            assertArrayEquals(linkLocal.address(), SockAddr.address(name, 0));
            assertEquals(1, SockAddr.scopeId(name, 0));
        }
    }

    @Test
    void takesAnInterfaceByNameOrNumber() throws Exception {
        assertEquals("1", of("fe80::1", 1, "lo").scope());
        assertEquals("7", of("fe80::1", 1, "7").scope());
        assertEquals("", of("fd00::1", 1, "").scope());
        byte[] address = InetAddress.getByName("fe80::1").getAddress();
        assertNull(UdpEndpoint.of(address, 1, "no-such-link"));
    }

    @Test
    void takesAMappedAddressForIpv4() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        UdpEndpoint endpoint = Objects.requireNonNull(UdpEndpoint.of(mapped, 9, ""));
        assertFalse(endpoint.ipv6());
        assertArrayEquals(new byte[] {10, 0, 0, 1}, endpoint.address());
    }

    @Test
    void comparesDestinations() throws Exception {
        assertTrue(of("10.0.0.1", 9, "").sameDestination(of("10.0.0.1", 9, "")));
        assertFalse(of("10.0.0.1", 9, "").sameDestination(of("10.0.0.1", 10, "")));
        assertFalse(of("10.0.0.1", 9, "").sameDestination(of("10.0.0.2", 9, "")));
        assertFalse(of("fe80::1", 9, "1").sameDestination(of("fe80::1", 9, "2")));
        UdpEndpoint endpoint = of("10.0.0.1", 9, "");
        assertSame(endpoint, endpoint.withoutSource());
    }
}
