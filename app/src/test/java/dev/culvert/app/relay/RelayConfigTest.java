package dev.culvert.app.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two tunnels that are right by themselves, and what makes them wrong together. */
final class RelayConfigTest {
    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PEER = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String OTHER_PEER = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    @TempDir Path root;

    private final Map<String, String> environment = new HashMap<>();
    private Path folder = Path.of("");

    @BeforeEach
    void setUp() throws Exception {
        folder = Files.createDirectories(root.resolve("config/wg_confs"));
        write("wg1", file("10.8.0.1/24", "7001", PEER, "10.8.0.0/24"));
        write("wg2", file("10.9.0.1/24", "7002", OTHER_PEER, "10.9.0.0/24"));
    }

    private static String file(String address, String port, String peer, String allowedIps) {
        return """
        [Interface]
        PrivateKey = %s
        Address = %s
        ListenPort = %s

        [Peer]
        # who
        PublicKey = %s
        AllowedIPs = %s
        """
                .formatted(KEY, address, port, peer, allowedIps);
    }

    private void write(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".conf"), text);
        Files.setPosixFilePermissions(
                file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }

    private void load() throws ConfigException {
        RelayConfig.load(root, environment, List.of()).close();
    }

    /** With the folder's name left out. */
    private String refusal() {
        return String.valueOf(assertThrows(ConfigException.class, this::load).getMessage())
                .replace(folder + "/", "");
    }

    @Test
    void goTogether() throws Exception {
        environment.put("FORWARD_FROM", "172.28.0.0/24");
        environment.put(
                "NAT_RULES",
                "masquerade from 10.8.0.0/24 out wg2; dnat tcp in wg1 :80 to 10.8.0.2:80");
        environment.put(
                "ROUTE_RULES", "10.9.0.0/24 via wg2; from 10.8.0.0/24 to 10.9.0.0/24 allow");

        load();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7002 | 7001 | wg2.conf:4: ListenPort: 7001 is that of wg1.conf:4, too",
                "10.9.0.1/24 | 10.8.0.9/32 | wg2.conf:3: Address: 10.8.0.9/32 overlaps 10.8.0.1/24 of wg1.conf:3",
                "10.9.0.1/24 | 10.9.0.1/24,10.0.0.1/8 | wg2.conf:3: Address: 10.0.0.1/8 overlaps 10.8.0.1/24 of wg1.conf:3",
                "TrMv | xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=#TrMv | wg2.conf:8: PublicKey: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg= is that of a peer in wg1.conf:8, too",
                "AllowedIPs = 10.9.0.0/24 | AllowedIPs = 10.9.0.0/24, 10.8.0.7/24 | wg2.conf:9: AllowedIPs: 10.8.0.0/24 belongs to a peer in wg1.conf:9 already; ROUTE_RULES can say which it is: \"10.8.0.0/24 via wg1 backup wg2\"",
                "ListenPort | FwMark = 7#ListenPort | wg2.conf:4: FwMark: has to be the same in all files, and is another one in wg1.conf",
            })
    void filesNameTheirLines(String from, String to, String line) throws Exception {
        Path second = folder.resolve("wg2.conf");
        String text = Files.readString(second);
        assertTrue(text.contains(from), text);
        write(
                "wg2",
                text.replaceFirst(java.util.regex.Pattern.quote(from), to.replace('#', '\n'))
                        .replaceFirst("\nTrMv\\S*", ""));

        assertEquals(line, refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NAT_RULES | dnat tcp in wg9 :80 to 10.8.0.2:80 | NAT_RULES: character 13: \"wg9\": there is no such tunnel, there are wg1, wg2",
                "NAT_RULES | masquerade from 10.8.0.0/16 out wg1 | NAT_RULES: character 33: \"wg1\": clients in 10.8.0.0/16 would have 10.8.0.1/24 among them, which is the tunnel's own address (wg1.conf:3)",
                "FORWARD_FROM | 172.28.0.0/24;10.9.0.0/24 | FORWARD_FROM: clients in 10.9.0.0/24 would have 10.9.0.1/24 among them, which is the tunnel's own address (wg2.conf:3); clients of one tunnel go into another by NAT_RULES",
                "ROUTE_RULES | 10.1.0.0/16 via wg9 | ROUTE_RULES: character 17: \"wg9\": there is no such tunnel, there are wg1, wg2",
                "ROUTE_RULES | 10.9.0.0/24 via wg2 backup wg1 | ROUTE_RULES: character 28: \"wg1\": no AllowedIPs in wg1.conf hold 10.9.0.0/24",
            })
    void rulesNameTheirCharacter(String variable, String value, String line) {
        environment.put(variable, value);

        assertEquals(line, refusal());
    }

    /** Another configuration of the second tunnel, which is right by itself. */
    private void writeOther(String from, String to) throws Exception {
        Files.createDirectories(folder.resolve("wg2.d"));
        String text = file("10.9.1.1/24", "7002", OTHER_PEER, "10.9.0.0/24");
        assertTrue(text.contains(from), text);
        write("wg2.d/nl", text.replace(from, to));
    }

    @Test
    void anotherConfigurationHasToGoWithTheRestOnly() throws Exception {
        environment.put("FORWARD_FROM", "172.28.0.0/24");
        environment.put("ROUTE_RULES", "10.9.0.0/24 via wg2");
        writeOther(OTHER_PEER, OTHER_PEER);

        load();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7002 | 7001 | '' | wg2.d/nl.conf:4: ListenPort: 7001 is that of wg1.conf:4, too",
                "10.9.1.1/24 | 10.8.0.9/32 | '' | wg2.d/nl.conf:3: Address: 10.8.0.9/32 overlaps 10.8.0.1/24 of wg1.conf:3",
                "10.9.0.0/24 | 10.8.0.0/24 | '' | wg2.d/nl.conf:9: AllowedIPs: 10.8.0.0/24 belongs to a peer in wg1.conf:9 already; ROUTE_RULES can say which it is: \"10.8.0.0/24 via wg1 backup wg2\"",
                "10.9.0.0/24 | 10.7.0.0/24 | ROUTE_RULES=10.9.0.0/24 via wg2 | ROUTE_RULES: character 17: \"wg2\": no AllowedIPs in wg2.d/nl.conf hold 10.9.0.0/24",
                "10.9.1.1/24 | 172.28.0.7/32 | FORWARD_FROM=172.28.0.0/24 | FORWARD_FROM: clients in 172.28.0.0/24 would have 172.28.0.7/32 among them, which is the tunnel's own address (wg2.d/nl.conf:3); clients of one tunnel go into another by NAT_RULES",
            })
    void whatAnotherConfigurationClashesWithIsSaidFromTheStart(
            String from, String to, String variable, String line) throws Exception {
        if (!variable.isEmpty()) {
            environment.put(variable.replaceFirst("=.*", ""), variable.replaceFirst("[^=]*=", ""));
        }
        writeOther(from, to);

        assertEquals(line, refusal());
    }

    @Test
    void whatIsWrongAnywayIsSaidOnce() throws Exception {
        environment.put("ROUTE_RULES", "10.1.0.0/16 via wg9");
        writeOther(OTHER_PEER, OTHER_PEER);

        assertEquals(
                "ROUTE_RULES: character 17: \"wg9\": there is no such tunnel, there are wg1, wg2",
                refusal());
    }

    @Test
    void variablesAndPeersAreNamedAsTheFilesAre() throws Exception {
        Files.delete(folder.resolve("wg1.conf"));
        Files.delete(folder.resolve("wg2.conf"));
        for (int number = 1; number <= 2; number++) {
            environment.put("WG" + number + "_PRIVATE_KEY", KEY);
            environment.put("WG" + number + "_ADDRESS", "10.8.0." + number + "/24");
            environment.put("WG" + number + "_PORT", "7001");
            environment.put(
                    "WG" + number + "_PEERS",
                    "PublicKey=%s AllowedIPs=10.%d.0.0/24; PublicKey=%s AllowedIPs=10.7.0.0/24"
                            .formatted(number == 1 ? KEY : OTHER_PEER, number, PEER));
        }

        assertEquals(
                """
                WG2_PORT: 7001 is that of WG1_PORT, too
                WG2_ADDRESS: 10.8.0.2/24 overlaps 10.8.0.1/24 of WG1_ADDRESS
                WG2_PEERS, peer 2: PublicKey: %s is that of a peer in WG1_PEERS, peer 2, too\
                """
                        .formatted(PEER),
                refusal());
    }

    @Test
    void aServerAndNumberedTunnelsAreRefused() throws Exception {
        Files.delete(folder.resolve("wg1.conf"));
        Files.delete(folder.resolve("wg2.conf"));
        environment.put("WG1_PRIVATE_KEY", KEY);
        environment.put("PEERS", "2");

        assertEquals(
                "WG1_... or its like: and PEERS, SERVERURL or WG_CLIENT_PUBKEY are both given:"
                        + " choose one (a server needs no file)",
                refusal());
    }
}
