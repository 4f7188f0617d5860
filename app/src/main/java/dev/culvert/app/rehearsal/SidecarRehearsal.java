package dev.culvert.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.IdleVariables;
import dev.culvert.app.config.MonitoringSettings;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.StrangeNames;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.http.HttpEndpoint;
import dev.culvert.app.http.Response;
import dev.culvert.app.relay.RelayConfig;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.routing.Uplinks;
import dev.culvert.app.rules.NatRules;
import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.ControlServer;
import dev.culvert.app.sidecar.Sidecar;
import dev.culvert.app.sidecar.Surroundings;
import dev.culvert.app.status.KillSwitchReport;
import dev.culvert.app.status.ProcessStatus;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.Version;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Connected;
import dev.culvert.killswitch.policy.Connecting;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.killswitch.ruleset.Layers;
import dev.culvert.killswitch.ruleset.PolicyCompiler;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sidecar does until its tunnel is there, without a tunnel: reads a configuration, compiles
 * rules, serves its sockets. It puts nothing into force and does not even ask for that: a machine
 * that builds the program with all privileges keeps its rules and routes.
 */
final class SidecarRehearsal {
    private static final Logger log = LoggerFactory.getLogger(SidecarRehearsal.class);

    private static final InetAddress OWN = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress GATEWAY = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress PEER = InetAddress.ofLiteral("198.51.100.1");
    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.9.0.1");

    /** Of no use: the keys are 32 times the same byte. */
    private static final String CONFIGURATION =
            """
            [Interface]
            PrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=
            Address = 10.9.0.1/32
            [Peer]
            PublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=
            AllowedIPs = 0.0.0.0/0
            Endpoint = 198.51.100.1:51820
            PersistentKeepalive = 25
            """;

    private final Path root = Path.of("/");
    private final Map<String, String> environment;
    private final Path folder;
    private final SidecarSettings settings;

    private SidecarRehearsal(Path folder) throws ConfigException {
        this.folder = folder;
        environment = Map.of("CULVERT_RUN_DIR", folder.toString());
        settings = NatRules.settings(environment);
    }

    static Void run(Path folder) throws Exception {
        SidecarRehearsal rehearsal = new SidecarRehearsal(folder);
        rehearsal.configure();
        rehearsal.compile();
        report();
        rehearsal.serve();
        log.info("kill switch: {}, {}", "rehearsed", "nothing is in force");
        return null;
    }

    private void configure() throws Exception {
        Path file = folder.resolve("wg0.conf");
        Files.writeString(file, CONFIGURATION);
        StrangeNames.notices(environment).forEach(log::warn);
        IdleVariables.notices(environment).forEach(log::warn);
        MonitoringSettings.of(environment, root);
        Settings.of(environment);
        NatRules.of(environment);
        RelayConfig.load(root, environment, List.of(file.toString())).close();
    }

    private void compile() throws Exception {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            Uplinks.list(rtnetlink, Set.of());
        }
        List<Uplink> uplinks =
                List.of(new Uplink("eth0", 2, List.of(new LinkAddress(OWN, 24)), List.of(GATEWAY)));
        List<TunnelLink> tunnels = List.of(new TunnelLink("wg0", 3, List.of(INSIDE)));
        Set<Endpoint> endpoints = Set.of(new Endpoint(PEER, 51820));
        int mark = RoutePlanner.DEFAULT_MARK;
        List<Policy> policies =
                List.of(
                        new Armed(uplinks, settings.exemptions()),
                        new Connecting(
                                uplinks,
                                settings.exemptions(),
                                mark,
                                endpoints,
                                Set.of(),
                                tunnels,
                                Optional.empty()),
                        new Connected(
                                uplinks,
                                settings.exemptions(),
                                mark,
                                endpoints,
                                Set.of(),
                                tunnels));
        PolicyCompiler compiler = new PolicyCompiler(1);
        policies.forEach(
                policy -> compiler.compile(policy).transaction(Layers.L1_AND_L2, Map.of()));
        RoutePlanner.closed(mark, true);
        RoutePlanner.localNetworks(settings.exemptions(), uplinks);
    }

    /** What JSON is written and read with, and what the kernel is asked for its rules with. */
    private static void report() throws IOException {
        StatusReport report =
                new StatusReport(
                        Version.text(),
                        "rehearsed",
                        new Readiness(false, "rehearsed"),
                        0,
                        new KillSwitchReport(false, "", "", Map.of()),
                        List.of(),
                        ProcessStatus.NONE,
                        List.of());
        try (JsonParser parser = new JsonFactory().createParser(report.json())) {
            while (parser.nextToken() != null) {
                // as libnftables' answers are read
            }
        }
        try {
            KillSwitch.status();
        } catch (KillSwitchException expected) {
            // Only the privileged are told.
        }
    }

    private void serve() throws Exception {
        Surroundings surroundings = new Surroundings(root, environment, List.of());
        Sidecar sidecar = new Sidecar(surroundings, settings);
        try (ControlServer _ = ControlServer.start(surroundings, sidecar)) {
            ControlClient.ask(surroundings, "ping");
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (HttpEndpoint endpoint =
                        HttpEndpoint.open(
                                "rehearsal",
                                address,
                                Map.of("/livez", _ -> Response.text(200, "live\n")));
                SocketChannel client = SocketChannel.open(endpoint.address())) {
            client.write(ByteBuffer.wrap("GET /livez HTTP/1.0\r\n\r\n".getBytes(US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (client.read(answer) >= 0 && answer.hasRemaining()) {
                // until the server has answered and closed
            }
        }
    }
}
