package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WgQuickParserTest {
    static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    static final String PEER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    static final String OTHER_PEER_KEY = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    private static final String MINIMAL =
            """
            [Interface]
            PrivateKey = %s
            Address = 10.64.0.2/32
            [Peer]
            PublicKey = %s
            """
                    .formatted(PRIVATE_KEY, PEER_KEY);

    private static TunnelConfig parse(String text) throws ConfigException {
        return parse(text, false);
    }

    private static TunnelConfig parse(String text, boolean allowHooks) throws ConfigException {
        byte[] file = text.getBytes(StandardCharsets.UTF_8);
        return WgQuickParser.parse("wg0.conf", "wg0", file, allowHooks, null);
    }

    @Test
    void readsEveryKey() throws ConfigException {
        TunnelConfig config =
                parse(
                        """
                        # of a provider
                        [Interface]
                        PrivateKey = %s
                        Address = 10.64.0.2/32, fd00::2/128
                        Address = 192.0.2.9
                        DNS = 10.64.0.1
                        DNS = fd00::1, corp.example, sub.example.org
                        ListenPort = 51821
                        FwMark = 0xca6c
                        MTU = 1380
                        Table = 1234
                        PreUp = echo before %%i
                        PostUp = echo one; echo %%i
                        PostUp = echo two
                        PreDown = echo pre
                        PostDown = echo post
                        SaveConfig = false

                        [Peer]
                        PublicKey = %s
                        PresharedKey = %s
                        AllowedIPs = 0.0.0.0/0
                        AllowedIPs = ::0/0, 10.1.2.3/8
                        Endpoint = vpn.example.com:51820 # the nearest
                        PersistentKeepalive = 25
                        """
                                .formatted(PRIVATE_KEY, PEER_KEY, OTHER_PEER_KEY),
                        true);

        InterfaceConfig local = config.local();
        assertArrayEquals(Base64.getDecoder().decode(PRIVATE_KEY), local.privateKey().copy());
        assertEquals(
                List.of(
                        IpPrefix.parse("10.64.0.2/32"),
                        IpPrefix.parse("fd00::2/128"),
                        IpPrefix.parse("192.0.2.9/32")),
                local.addresses());
        assertEquals(
                List.of(InetAddress.ofLiteral("10.64.0.1"), InetAddress.ofLiteral("fd00::1")),
                local.dns());
        assertEquals(List.of("corp.example", "sub.example.org"), local.searchDomains());
        assertEquals(OptionalInt.of(51821), local.listenPort());
        assertEquals(OptionalLong.of(0xca6c), local.fwmark());
        assertEquals(OptionalInt.of(1380), local.mtu());
        assertEquals(new RoutingTable.Numbered(1234), local.table());
        assertEquals(List.of("echo before wg0"), local.hooks().preUp());
        assertEquals(List.of("echo one; echo wg0", "echo two"), local.hooks().postUp());
        assertEquals(List.of("echo pre"), local.hooks().preDown());
        assertEquals(List.of("echo post"), local.hooks().postDown());
        PeerConfig peer = config.peers().getFirst();
        assertEquals(new PublicKey(PEER_KEY), peer.publicKey());
        Secret presharedKey = Objects.requireNonNull(peer.presharedKey());
        assertArrayEquals(Base64.getDecoder().decode(OTHER_PEER_KEY), presharedKey.copy());
        assertEquals(
                List.of(
                        IpPrefix.parse("0.0.0.0/0"),
                        IpPrefix.parse("::/0"),
                        IpPrefix.parse("10.0.0.0/8")),
                peer.allowedIps());
        assertEquals(new EndpointName("vpn.example.com", 51820), peer.endpoint());
        assertEquals(25, peer.persistentKeepaliveSeconds());
        assertEquals(List.of(), config.notices());
    }

    @Test
    void leavesUnsetWhatIsNotThere() throws ConfigException {
        TunnelConfig config = parse(MINIMAL);

        assertEquals(List.of(), config.local().dns());
        assertEquals(OptionalInt.empty(), config.local().listenPort());
        assertEquals(OptionalLong.empty(), config.local().fwmark());
        assertEquals(OptionalInt.empty(), config.local().mtu());
        assertEquals(new RoutingTable.Auto(), config.local().table());
        assertTrue(config.local().hooks().isEmpty());
        assertNull(config.peers().getFirst().endpoint());
        assertNull(config.peers().getFirst().presharedKey());
        assertEquals(List.of(), config.peers().getFirst().allowedIps());
        assertEquals(0, config.peers().getFirst().persistentKeepaliveSeconds());
    }

    @Test
    void readsCarriageReturnsOddCaseBlanksAndAByteOrderMark() throws ConfigException {
        String odd =
                "\ufeff\r\n\t[INTERFACE]  \r\nprivatekey=%s\r\nADDRESS\t=\t10.64.0.2/32;"
                                .replace(";", "\r\n")
                                .formatted(PRIVATE_KEY)
                        + "table = OFF\r\nfwmark = Off\r\n\r\n[peer]#x\r\npublickey  =  %s\r\n"
                                .formatted(PEER_KEY)
                        + "persistentKEEPALIVE=off\r\nAllowedIPs =";

        TunnelConfig config = parse(odd);

        assertEquals(new RoutingTable.Off(), config.local().table());
        assertEquals(OptionalLong.of(0), config.local().fwmark());
        assertEquals(1, config.peers().size());
    }

    @Test
    void givesEachPeerItsOwnLines() throws ConfigException {
        TunnelConfig config =
                parse(
                        MINIMAL
                                + "Endpoint = [2001:db8::1]:51820\nAllowedIPs = 10.0.0.0/24\n"
                                + "[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.1.0/24\n"
                                        .formatted(OTHER_PEER_KEY));

        assertEquals(2, config.peers().size());
        assertEquals(new EndpointName("2001:db8::1", 51820), config.peers().getFirst().endpoint());
        assertEquals("[2001:db8::1]:51820", String.valueOf(config.peers().get(0).endpoint()));
        assertEquals(List.of(IpPrefix.parse("10.0.1.0/24")), config.peers().get(1).allowedIps());
    }

    @Test
    void zeroesTheSecretsWhenItIsClosed() throws ConfigException {
        TunnelConfig config = parse(MINIMAL + "PresharedKey = " + OTHER_PEER_KEY);
        config.close();

        Secret presharedKey = Objects.requireNonNull(config.peers().getFirst().presharedKey());
        assertArrayEquals(new byte[32], presharedKey.copy());
        assertArrayEquals(new byte[32], config.local().privateKey().copy());
    }

    @Test
    void showsNoSecretInToString() throws ConfigException {
        String text = parse(MINIMAL + "PresharedKey = " + OTHER_PEER_KEY).toString();

        assertFalse(text.contains(PRIVATE_KEY));
        assertFalse(text.contains(OTHER_PEER_KEY));
    }

    @Test
    void saysThatAProvidersKillSwitchIsNotNeeded() throws ConfigException {
        String up =
                "iptables -I OUTPUT ! -o %i -m mark ! --mark $(wg show %i fwmark) -m addrtype !"
                        + " --dst-type LOCAL -j REJECT && ip6tables -I OUTPUT ! -o %i -m mark !"
                        + " --mark $(wg show %i fwmark) -m addrtype ! --dst-type LOCAL -j REJECT";
        for (boolean allowHooks : new boolean[] {false, true}) {
            TunnelConfig config =
                    parse(
                            MINIMAL.replace(
                                    "[Peer]",
                                    "PostUp = "
                                            + up
                                            + "\nPreDown = "
                                            + up.replace("-I", "-D")
                                            + "\n[Peer]"),
                            allowHooks);

            assertTrue(config.local().hooks().isEmpty());
            assertEquals(2, config.notices().size());
            assertTrue(
                    config.notices().getFirst().startsWith("wg0.conf:4: PostUp: not needed"),
                    config.notices().getFirst());
        }
    }

    @Test
    void pointsFromRulesForTheLocalNetworkToTheSetting() throws ConfigException {
        String line =
                "PostUp = DROUTE=$(ip route | grep default | awk '{print $3}');"
                        + " ip route add 192.168.0.0/16 via $DROUTE;"
                        + " iptables -I OUTPUT -d 192.168.0.0/16 -j ACCEPT\n[Peer]";

        TunnelConfig config = parse(MINIMAL.replace("[Peer]", line));

        assertTrue(config.notices().getFirst().contains("NETWORK"), config.notices()::toString);
    }

    @Test
    void refusesOtherHooksUnlessTheyAreAllowed() throws ConfigException {
        String text = MINIMAL.replace("[Peer]", "PostUp = touch /tmp/%i\n[Peer]");

        ConfigException refused = assertThrows(ConfigException.class, () -> parse(text));
        assertEquals(
                "wg0.conf:4: PostUp: commands are run only with ALLOW_HOOKS=1; set it, or remove"
                        + " the line",
                refused.getMessage());
        assertEquals(List.of("touch /tmp/wg0"), parse(text, true).local().hooks().postUp());
    }

    @Test
    void reportsAllMistakesOfAFileInOrder() {
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () ->
                                parse(
                                        """
                                        [Interface]
                                        PrivateKey = short
                                        Adress = 10.64.0.2/32
                                        MTU = huge
                                        [Peer]
                                        Endpoint = 192.0.2.1
                                        """));

        assertEquals(
                """
                wg0.conf:2: PrivateKey: is 5 characters, where a key has 44 characters of base64 (the value is not shown)
                wg0.conf:3: "Adress" is not a key; did you mean "Address"?
                wg0.conf:4: MTU: "huge" is no MTU: a number from 576 to 65535
                wg0.conf:5: PublicKey: is missing in [Peer]
                wg0.conf:6: Endpoint: "192.0.2.1" has no port; for example "192.0.2.1:51820\"\
                """,
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "Adress,Address",
        "Adresses,Address",
        "AllowedIP,AllowedIPs",
        "Allowed_IPs,AllowedIPs",
        "EndPiont,Endpoint",
        "PrivateKye,PrivateKey",
        "PreSharedKeys,PresharedKey",
        "KeepAlive,",
        "Jmin,",
    })
    void namesTheNearestKey(String written, String nearest) {
        assertEquals(nearest, NearestName.of(written, WgQuickKey.labels()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PrivateKey = %s extra",
                "PrivatKey = %s",
                "%s",
                "PrivateKey\n%s",
                "Address = %s",
                "DNS = %s",
                "ListenPort = %s",
                "[%s]",
                "Nonsense = %s",
                "[Peer]\nPublicKey = %sx",
                "[Peer]\nEndpoint = %s:1",
                "[Peer]\nAllowedIPs = %s",
                "[Peer]\nPresharedKey = x%s",
            })
    void neverShowsAKeyThatStandsInTheWrongPlace(String line) {
        String text = "[Interface]\n" + line.formatted(PRIVATE_KEY);

        ConfigException refused = assertThrows(ConfigException.class, () -> parse(text));
        String message = String.valueOf(refused.getMessage());
        for (int i = 0; i + 8 <= PRIVATE_KEY.length(); i++) {
            assertFalse(message.contains(PRIVATE_KEY.substring(i, i + 8)), message);
        }
    }

    @Test
    void takesAPrivateKeyFromElsewhereIfTheFileHasNone() throws Exception {
        byte[] key = PRIVATE_KEY.getBytes(StandardCharsets.US_ASCII);
        byte[] file =
                MINIMAL.replace("PrivateKey = " + PRIVATE_KEY, "").getBytes(StandardCharsets.UTF_8);

        TunnelConfig config =
                WgQuickParser.parse("a", "wg0", file, false, Secret.ofBase64(key, 0, key.length));
        assertArrayEquals(
                Base64.getDecoder().decode(PRIVATE_KEY), config.local().privateKey().copy());

        byte[] both = MINIMAL.getBytes(StandardCharsets.UTF_8);
        Secret second = Secret.ofBase64(key, 0, key.length);
        assertThrows(
                ConfigException.class, () -> WgQuickParser.parse("a", "wg0", both, false, second));
        assertArrayEquals(new byte[32], second.copy());
    }
}
