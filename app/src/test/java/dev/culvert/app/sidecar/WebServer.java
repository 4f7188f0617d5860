package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.util.ArrayList;
import java.util.List;

/** A web server that tells each client the address that it is seen from, and how to ask it. */
final class WebServer {
    /** Answers with the address of who asks, a blank, and what was asked for, or the port. */
    private static final String PROGRAM =
            """
            import http.server, socket, socketserver, sys, time
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    said = str(self.client_address[1]) if self.path == "/port" else self.path[1:]
                    who = self.client_address[0].removeprefix("::ffff:")
                    body = (who + " " + said).encode()
                    if self.path.startswith("/slow"): time.sleep(0.3)
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *a): pass
            class S(socketserver.ThreadingMixIn, http.server.HTTPServer):
                address_family = socket.AF_INET6
                daemon_threads = True
                request_queue_size = 512
            s = S(("::", int(sys.argv[1])), H)
            print("serving", flush=True)
            s.serve_forever()
            """;

    private WebServer() {}

    /** At all addresses of the namespace, of both IP versions. */
    static RunningProcess serve(NetworkNamespace namespace, int port) {
        RunningProcess server = namespace.start("python3", "-c", PROGRAM, Integer.toString(port));
        server.awaitOutput("serving", Dist.PATIENCE);
        return server;
    }

    /** What the server says, or "failed" and curl's reason: 7 refused, 28 no answer. */
    static String curl(NetworkNamespace from, String url, String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "--max-time", "3"));
        command.addAll(List.of(more));
        command.add(url);
        Execution done = from.exec(command.toArray(String[]::new));
        return done.exitCode() == 0 ? done.output() : "failed " + done.exitCode();
    }

    /** The first SYN is answered with a refusal: by the kernel's count none was sent again. */
    static void assertRefusedAtOnce(NetworkNamespace from, String url, String... more) {
        String before = retransmitted(from);
        assertEquals("failed 7", curl(from, url, more));
        assertEquals(before, retransmitted(from), "TCP segments sent again");
    }

    private static String retransmitted(NetworkNamespace namespace) {
        return namespace
                .run("nstat", "-asz", "TcpRetransSegs")
                .lines()
                .filter(line -> line.startsWith("Tcp"))
                .map(line -> line.split("\\s+", -1)[1])
                .findFirst()
                .orElseThrow();
    }
}
