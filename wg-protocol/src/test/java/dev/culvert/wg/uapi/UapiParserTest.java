package dev.culvert.wg.uapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UapiParserTest {
    private static final String A =
            "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    private static final String B =
            "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
    private static final String PEER = "public_key=" + A + "\n";

    @Nested
    final class Device {
        @Test
        void anEmptyRequestChangesNothing() throws UapiException {
            UapiSet set = parse("");
            assertNull(set.privateKey());
            assertEquals(OptionalInt.empty(), set.listenPort());
            assertEquals(OptionalLong.empty(), set.fwmark());
            assertFalse(set.replacePeers());
            assertTrue(set.peers().isEmpty());
        }

        @Test
        void readsEveryKey() throws UapiException {
            UapiSet set =
                    parse(
                            "private_key="
                                    + A.toUpperCase(java.util.Locale.ROOT)
                                    + "\n"
                                    + "listen_port=65535\nfwmark=4294967295\nreplace_peers=true\n");
            assertArrayEquals(HexFormat.of().parseHex(A), set.privateKey());
            assertEquals(OptionalInt.of(65535), set.listenPort());
            assertEquals(OptionalLong.of(0xffff_ffffL), set.fwmark());
            assertTrue(set.replacePeers());
        }

        @Test
        void theLastOfTwoEqualKeysWins() throws UapiException {
            UapiSet set =
                    parse("listen_port=1\nlisten_port=2\nprivate_key=" + A + "\nprivate_key=" + B);
            assertEquals(OptionalInt.of(2), set.listenPort());
            assertArrayEquals(HexFormat.of().parseHex(B), set.privateKey());
        }
    }

    @Nested
    final class Peers {
        @Test
        void readsEveryKey() throws UapiException {
            UapiSet set =
                    parse(
                            PEER
                                    + "update_only=true\npreshared_key="
                                    + B
                                    + "\n"
                                    + "endpoint=192.0.2.7:51820\npersistent_keepalive_interval=25\n"
                                    + "replace_allowed_ips=true\nallowed_ip=10.1.2.3/8\n"
                                    + "allowed_ip=-fd00:1::5/64\nprotocol_version=1\n");
            PeerChange peer = set.peers().getFirst();
            assertArrayEquals(HexFormat.of().parseHex(A), peer.publicKey());
            assertArrayEquals(HexFormat.of().parseHex(B), peer.presharedKey());
            assertTrue(peer.updateOnly());
            assertFalse(peer.remove());
            assertEquals(OptionalInt.of(25), peer.persistentKeepaliveSeconds());
            assertTrue(peer.replaceAllowedIps());
            EndpointAddress endpoint = peer.endpoint();
            assertNotNull(endpoint);
            assertArrayEquals(new byte[] {(byte) 192, 0, 2, 7}, endpoint.address());
            assertEquals(51820, endpoint.port());
            AllowedIpChange first = peer.allowedIps().get(0);
            assertArrayEquals(new byte[] {10, 0, 0, 0}, first.address());
            assertEquals(8, first.prefixLength());
            assertFalse(first.remove());
            AllowedIpChange second = peer.allowedIps().get(1);
            assertEquals(64, second.prefixLength());
            assertEquals(0, second.address()[15], "host bits are masked");
            assertTrue(second.remove());
        }

        @Test
        void keepsTheOrderAndRepeatedPeers() throws UapiException {
            UapiSet set = parse(PEER + "remove=true\npublic_key=" + B + "\n" + PEER);
            assertEquals(3, set.peers().size());
            assertTrue(set.peers().get(0).remove());
            assertFalse(set.peers().get(2).remove());
        }

        @Test
        void replaceAllowedIpsDropsTheLinesAboveIt() throws UapiException {
            UapiSet set =
                    parse(
                            PEER
                                    + "allowed_ip=1.2.3.4/32\nreplace_allowed_ips=true\nallowed_ip=::/0");
            assertEquals(1, set.peers().getFirst().allowedIps().size());
        }

        @Test
        void readsAnEndpointWithAZone() throws UapiException {
            EndpointAddress endpoint =
                    parse(PEER + "endpoint=[fe80::1%eth0]:9").peers().getFirst().endpoint();
            assertNotNull(endpoint);
            assertEquals("eth0", endpoint.scope());
            assertEquals(9, endpoint.port());
            assertEquals(16, endpoint.address().length);
        }
    }

    @Nested
    final class Refusals {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "foo=bar",
                    "=",
                    "=1",
                    "private_key=",
                    "private_key=00",
                    "listen_port=",
                    "listen_port=-1",
                    "listen_port=65536",
                    "listen_port= 1",
                    "listen_port=1 ",
                    "listen_port=0x10",
                    "listen_port=99999999999999999999",
                    "fwmark=4294967296",
                    "fwmark=0x1",
                    "fwmark=",
                    "replace_peers=false",
                    "replace_peers=",
                    "replace_peers=True",
                    "set=1",
                    "get=1",
                    "endpoint=1.2.3.4:5",
                    "allowed_ip=1.2.3.4/32",
                    "remove=true",
                    "errno=0",
                    "public_key=",
                    "public_key=xyz",
                    "Listen_port=1",
                    "listen_port =1",
                    "listen_port=1\r"
                })
        void answersEinvalToABadDeviceLine(String line) {
            assertEquals(UapiErrno.EINVAL, refused("fwmark=1\n" + line + "\n").errno());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "foo=bar",
                    "listen_port=1",
                    "fwmark=1",
                    "replace_peers=true",
                    "private_key=" + A,
                    "remove=1",
                    "update_only=",
                    "replace_allowed_ips=yes",
                    "preshared_key=12",
                    "preshared_key=" + A + "0",
                    "endpoint=",
                    "endpoint=1.2.3.4",
                    "endpoint=1.2.3.4:",
                    "endpoint=1.2.3.4:65536",
                    "endpoint=::1:5",
                    "endpoint=[1.2.3.4]:5",
                    "endpoint=[::1]",
                    "endpoint=[::1:5",
                    "endpoint=[]:5",
                    "endpoint=[::1%]:5",
                    "endpoint=host:5",
                    "endpoint=[::1%aaaaaaaaaaaaaaaa]:5",
                    "endpoint=[::1%a b]:5",
                    "endpoint=:5",
                    "endpoint=[:5",
                    "persistent_keepalive_interval=65536",
                    "persistent_keepalive_interval=off",
                    "allowed_ip=",
                    "allowed_ip=/",
                    "allowed_ip=-",
                    "allowed_ip=1.2.3.4",
                    "allowed_ip=1.2.3.4/33",
                    "allowed_ip=::/129",
                    "allowed_ip=--1.2.3.4/32",
                    "allowed_ip=1.2.3.4/",
                    "allowed_ip=1.2.3.4/-1",
                    "allowed_ip=1.2.3.4/3 2",
                    "allowed_ip=fe80::1%eth0/64",
                    "protocol_version=0",
                    "protocol_version=2",
                    "protocol_version="
                })
        void answersEinvalToABadPeerLine(String line) {
            assertEquals(UapiErrno.EINVAL, refused(PEER + line + "\n").errno());
        }

        @ParameterizedTest
        @ValueSource(strings = {"garbage", "listen_port", "public_key " + A})
        void answersEprotoToALineThatIsNoPair(String line) {
            assertEquals(UapiErrno.EPROTO, refused(line).errno());
        }

        @ParameterizedTest
        @CsvSource({
            "'fwmark=1\nlisten_port=x', 'line 2: listen_port is not a number of 0..65535'",
            "'remove=true', 'line 1: remove belongs after a public_key'",
            "'hello=1', 'line 1: unknown key'",
        })
        void namesTheLine(String request, String message) {
            assertEquals(message, refused(request).getMessage());
        }

        @Test
        void neverRepeatsAValue() {
            UapiException refusal = refused("private_key=" + A + "00");
            assertFalse(refusal.toString().contains(A.substring(0, 8)), refusal.toString());
        }

        @Test
        void boundsPeersAndAllowedIps() throws UapiException {
            UapiParser parser = new UapiParser();
            line(parser, PEER.strip());
            byte[] line = ascii("allowed_ip=10.0.0.0/8");
            for (int i = 1; i < UapiParser.MAX_ENTRIES; i++) {
                parser.line(line, 0, line.length);
            }
            UapiException refusal =
                    assertThrows(UapiException.class, () -> parser.line(line, 0, line.length));
            assertEquals(UapiErrno.E2BIG, refusal.errno());
        }

        @Test
        void survivesMutatedRequests() {
            byte[] valid =
                    ascii(
                            "private_key="
                                    + A
                                    + "\nlisten_port=1\nfwmark=2\nreplace_peers=true\n"
                                    + PEER
                                    + "preshared_key="
                                    + B
                                    + "\nendpoint=[fe80::1%eth0]:51820\n"
                                    + "allowed_ip=-10.0.0.0/8\nallowed_ip=fd00::1.2.3.4/64\n"
                                    + "persistent_keepalive_interval=25\nupdate_only=true\n");
            Random random = new Random(42);
            int refused = 0;
            for (int round = 0; round < 20_000; round++) {
                byte[] request = valid.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    request[random.nextInt(request.length)] = (byte) random.nextInt();
                }
                try {
                    parse(new String(request, StandardCharsets.ISO_8859_1));
                } catch (UapiException refusal) {
                    assertTrue(refusal.errno() > 0);
                    refused++;
                }
            }
            assertTrue(refused > 10_000, refused + " of 20,000 mutated requests were refused");
        }
    }

    @Nested
    final class Secrets {
        @Test
        void zeroClearsEveryKeyOfTheRequest() throws UapiException {
            UapiSet set = parse("private_key=" + A + "\n" + PEER + "preshared_key=" + B);
            byte[] privateKey = set.privateKey();
            byte[] presharedKey = set.peers().getFirst().presharedKey();
            set.zero();
            assertArrayEquals(new byte[32], privateKey);
            assertArrayEquals(new byte[32], presharedKey);
        }

        @Test
        void noKeyIsInTheText() throws UapiException {
            UapiSet set = parse("private_key=" + A + "\n" + PEER + "preshared_key=" + B);
            assertEquals("UapiSet[1 peer changes]", set.toString());
            assertEquals("PeerChange[0 allowed IP changes]", set.peers().getFirst().toString());
        }
    }

    @Test
    void reads130560AllowedIpsInASecond() throws UapiException {
        StringBuilder request = new StringBuilder(PEER);
        for (int i = 0; i < 130_560; i++) {
            request.append("allowed_ip=10.").append((i >> 16) & 0xff).append('.');
            request.append((i >> 8) & 0xff).append('.').append(i & 0xff).append("/32\n");
        }
        UapiSet set = assertTimeout(Duration.ofSeconds(1), () -> parse(request.toString()));
        assertEquals(130_560, set.peers().getFirst().allowedIps().size());
    }

    private static UapiException refused(String request) {
        return assertThrows(UapiException.class, () -> parse(request));
    }

    private static UapiSet parse(String request) throws UapiException {
        UapiParser parser = new UapiParser();
        for (int start = 0; start < request.length(); ) {
            int feed = request.indexOf('\n', start);
            int end = feed < 0 ? request.length() : feed;
            line(parser, request.substring(start, end));
            start = end + 1;
        }
        return parser.finish();
    }

    /** Hands the line over in the middle of a larger buffer. */
    private static void line(UapiParser parser, String line) throws UapiException {
        byte[] buf = ("12" + line + "34").getBytes(StandardCharsets.ISO_8859_1);
        parser.line(buf, 2, buf.length - 4);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
