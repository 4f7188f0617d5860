package dev.culvert.app.relay;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.status.Version;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.killswitch.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first lines of a log: all that one is asked for in a bug report. */
final class Banner {
    private static final Logger log = LoggerFactory.getLogger(Banner.class);

    private Banner() {}

    /** Once a process. */
    static void showProcess(Level level) {
        log.info("version: culvert {}, Java {}", Version.text(), Runtime.version());
        log.info("kill switch: {}", described(level));
    }

    /** Once a tunnel is open. */
    static void show(TunnelConfig config, DatapathStatistics datapath) {
        int peers = config.peers().size();
        log.info(
                "tunnel: {} of {}, {} {}",
                config.interfaceName(),
                config.source(),
                peers,
                peers == 1 ? "peer" : "peers");
        log.info("AEAD: {}", datapath.aead());
        log.info(
                "I/O: {}, TUN {}, UDP {}",
                datapath.ioEngine(),
                datapath.tunVnetHeader() ? "with super-packets" : "packet by packet",
                datapath.udpSegmentation() ? "with segmentation" : "datagram by datagram");
    }

    private static String described(Level level) {
        return switch (level) {
            case NONE -> "off";
            case L1 -> "L1, all sockets but raw ones";
            case L2 -> "L2, all sockets";
        };
    }
}
