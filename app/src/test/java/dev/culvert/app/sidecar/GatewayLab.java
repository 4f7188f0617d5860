package dev.culvert.app.sidecar;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A sidecar with clients downstream and a web server beyond the tunnel.
 *
 * <pre>
 * client 10.20.0.2 --- router 172.28.0.3 (SNAT) --- 172.28.0.1 inside === tunnel === outside, web 203.0.113.80
 * </pre>
 */
final class GatewayLab implements AutoCloseable {
    static final String WEB = "203.0.113.80";
    static final String TUNNEL = "10.9.0.2";
    static final String ROUTER = "172.28.0.3";
    static final String SECOND = "172.28.0.4";
    static final String STRANGER = "172.29.0.3";

    /** Answers with the address of who asks, a blank, and what was asked for, or the port. */
    private static final String SERVER =
            """
            import http.server, socketserver, sys, time
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    said = str(self.client_address[1]) if self.path == "/port" else self.path[1:]
                    body = (self.client_address[0] + " " + said).encode()
                    if self.path.startswith("/slow"): time.sleep(0.3)
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *a): pass
            class S(socketserver.ThreadingMixIn, http.server.HTTPServer):
                daemon_threads = True
                request_queue_size = 512
            s = S(("0.0.0.0", int(sys.argv[1])), H)
            print("serving", flush=True)
            s.serve_forever()
            """;

    final SidecarLab lab;
    final NetworkNamespace router = NetworkNamespace.create("router");
    final NetworkNamespace client = NetworkNamespace.create("client");

    private final Veth downstream;

    GatewayLab(Path folder) throws IOException {
        lab = new SidecarLab(folder);
        downstream = Veth.connect(lab.inside, "172.28.0.1/24", router, ROUTER + "/24");
        downstream.addAddresses("172.29.0.1/24", STRANGER + "/24");
        router.run("ip", "address", "add", SECOND + "/24", "dev", downstream.rightLink());
        Veth.connect(router, "10.20.0.1/24", client, "10.20.0.2/24");
        router.run("ip", "route", "add", "default", "via", "172.28.0.1");
        client.run("ip", "route", "add", "default", "via", "10.20.0.1");
        router.sysctl("net.ipv4.ip_forward", "1");
        router.run(
                "nft",
                "add table ip nat; add chain ip nat out { type nat hook postrouting priority"
                        + " srcnat; }; add rule ip nat out ip saddr 10.20.0.0/24 snat to "
                        + ROUTER);
        lab.outside.run("ip", "link", "set", "lo", "up");
        lab.outside.run("ip", "address", "add", WEB + "/32", "dev", "lo");
    }

    /** The link towards the router, inside. */
    String downstream() {
        return downstream.leftLink();
    }

    /** Its far end, at the router. */
    String upstream() {
        return downstream.rightLink();
    }

    RunningProcess serve(NetworkNamespace namespace, int port) {
        RunningProcess server = namespace.start("python3", "-c", SERVER, Integer.toString(port));
        server.awaitOutput("serving", Dist.PATIENCE);
        return server;
    }

    /** What the server says, or "failed". */
    static String curl(NetworkNamespace from, String url, String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "--max-time", "3"));
        command.addAll(List.of(more));
        command.add(url);
        Execution done = from.exec(command.toArray(String[]::new));
        return done.exitCode() == 0 ? done.output() : "failed " + done.exitCode();
    }

    /** Lets the far end of the tunnel send to the downstream network. */
    void routeFromOutside() {
        lab.outside.run(
                "wg",
                "set",
                lab.outsideInterface,
                "peer",
                lab.publicKey(lab.privateKey),
                "allowed-ips",
                TUNNEL + "/32,172.28.0.0/24");
        lab.outside.run("ip", "route", "add", "172.28.0.0/24", "dev", lab.outsideInterface);
    }

    RunningProcess connect(String... environment) {
        return lab.connect(environment);
    }

    @Override
    public void close() {
        client.close();
        router.close();
        lab.close();
    }
}
