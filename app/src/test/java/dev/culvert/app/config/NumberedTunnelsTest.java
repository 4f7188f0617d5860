package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumberedTunnelsTest {
    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PEER = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String OTHER_PEER = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    @TempDir Path root;

    private final Map<String, String> environment =
            new HashMap<>(
                    Map.of(
                            "WG1_PRIVATE_KEY",
                            KEY,
                            "WG1_ADDRESS",
                            "10.8.0.1/24",
                            "WG1_PORT",
                            "51820",
                            "WG1_PEERS",
                            "PublicKey="
                                    + PEER
                                    + " AllowedIPs=10.8.0.2/32,fd00::2/128"
                                    + " ; PublicKey="
                                    + OTHER_PEER
                                    + " Endpoint=192.0.2.1:51820\nAllowedIPs=10.9.0.0/24"));

    private List<TunnelConfig> load() throws ConfigException {
        return new ConfigLoader(root, environment).load(List.of());
    }

    private String refusal() {
        return String.valueOf(assertThrows(ConfigException.class, this::load).getMessage());
    }

    @Test
    void eachNumberIsATunnel() throws Exception {
        environment.put("WG10_INTERFACE", "site");
        Path file =
                Files.writeString(
                        root.resolve("site"),
                        "[Interface]\nPrivateKey = "
                                + KEY
                                + "\nAddress = 10.10.0.1/24\n[Peer]\nPublicKey = "
                                + PEER
                                + "\n");
        environment.put("WG10_CONFIG_FILE", file.toString());

        List<TunnelConfig> tunnels = load();

        assertEquals(
                List.of("wg1", "site"), tunnels.stream().map(TunnelConfig::interfaceName).toList());
        TunnelConfig first = tunnels.getFirst();
        assertEquals(51820, first.local().listenPort().orElseThrow());
        assertEquals(2, first.peers().size());
        assertEquals(2, first.peers().getFirst().allowedIps().size());
        assertEquals("192.0.2.1:51820", String.valueOf(first.peers().getLast().endpoint()));
    }

    @Test
    void mistakesNameTheirVariableAndPeer() {
        environment.put("WG1_ADDRESS", "10.8.0.300/24");
        environment.put("WG1_PORT", "99999");
        environment.put("WG1_PEERS", "PublicKey=" + PEER + "; PublicKey=" + PEER + " Endpoint=x");

        String refusal = refusal();

        assertTrue(refusal.contains("WG1_ADDRESS: \"10.8.0.300/24\" is not"), refusal);
        assertTrue(refusal.contains("WG1_PORT: \"99999\" is no port"), refusal);
        assertTrue(refusal.contains("WG1_PEERS, peer 2: Endpoint: \"x\" has no port"), refusal);
    }

    @Test
    void aPeerTwiceNamesBoth() {
        environment.put("WG1_PEERS", "PublicKey=" + PEER + "; PublicKey=" + PEER);

        assertEquals("WG1_PEERS, peer 2: PublicKey: is that of WG1_PEERS, peer 1, too", refusal());
    }

    @Test
    void whatIsMissingAndWhatIsUnknownIsNamed() {
        environment.remove("WG1_PRIVATE_KEY");
        environment.put("WG1_ADRESS", "10.0.0.1/32");

        String refusal = refusal();

        assertTrue(
                refusal.contains("WG1_ADRESS: is not known; did you mean WG1_ADDRESS?"), refusal);
        assertTrue(refusal.contains("WG1_PRIVATE_KEY: is missing"), refusal);
    }

    @Test
    void aLineEndInAValueIsNoFurtherKey() {
        environment.put("WG1_ADDRESS", "10.8.0.1/24\nPostUp = touch /x");

        assertTrue(refusal().startsWith("WG1_ADDRESS: \"PostUp = touch /x\""), refusal());
    }
}
