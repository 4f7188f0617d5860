package dev.culvert.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.app.Main;
import dev.culvert.app.command.CommandName;
import dev.culvert.app.config.MonitoringVariable;
import dev.culvert.app.config.ProcessEnvironment;
import dev.culvert.app.config.Variable;
import dev.culvert.app.privilege.NetAdmin;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.app.warmup.StandIn;
import dev.culvert.tun.TunDevice;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * A tunnel as {@code wg-quick} has it started and configured, on a socket pair instead of a TUN
 * device. It is without endpoints, so it sends nothing.
 */
final class TunnelRehearsal {
    private static final String NAME = "stand-in";

    /** Of no use: the keys are 32 times the same byte. */
    private static final String CONFIGURATION =
            "set=1\nprivate_key="
                    + "01".repeat(32)
                    + "\nlisten_port=0\npublic_key="
                    + "02".repeat(32)
                    + "\nallowed_ip=0.0.0.0/0\nallowed_ip=::/0\n\nget=1\n\n";

    /** On the way to the tunnel: what is for the first thread alone, or for who has privileges. */
    private static final String[] NOT_TO_BE_CALLED = {
        Main.class.getName(),
        Main.class.getName() + "$End",
        Main.class.getPackageName() + ".Arguments$Run",
        Main.class.getPackageName() + ".InterfaceName",
        Main.class.getPackageName() + ".Launcher",
        TunDevice.class.getPackageName() + ".TunLocation$Sight",
        "com.sun.jna.Function$PostCallRead"
    };

    private TunnelRehearsal() {}

    static Void run(Path folder) throws Exception {
        for (String name : NOT_TO_BE_CALLED) {
            Class.forName(name);
        }
        NetAdmin.raise();
        Map<String, String> environment = ProcessEnvironment.read();
        Variable.mistakes(
                new MonitoringVariable[] {
                    MonitoringVariable.LOG_LEVEL, MonitoringVariable.LOG_FORMAT
                },
                environment);
        CommandName.of(NAME);
        CommandName.nearest(NAME);
        Settings settings = Settings.of(environment);
        new Tunnel(new Ending()).close();
        AeadSelection aead = AeadSelection.start(settings.aead());
        try (StandIn tun = StandIn.open();
                Tunnel tunnel = Tunnel.rehearsed(new Ending(), tun.tun(), folder)) {
            tunnel.open(NAME, settings, aead);
            configure(folder.resolve(NAME + ".sock"));
            tunnel.datapath().up();
            tunnel.datapath().statistics();
        }
        return null;
    }

    private static void configure(Path socket) throws Exception {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(CONFIGURATION.getBytes(US_ASCII)));
            client.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (client.read(answer) >= 0 && answer.hasRemaining()) {
                // until the server has answered both and closed
            }
        }
    }
}
