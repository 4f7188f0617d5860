package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.packet.DropReason;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two data paths, handshakes and all, over a virtual cable. */
@Tag("netns")
@Timeout(60)
final class TunnelTest {
    @Test
    void pingsBothFamilies() throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, DatapathSettings.defaults())) {
            pair.leftSpace.run("ping", "-c3", "-i0.2", "-W2", "10.81.0.2");
            pair.rightSpace.run("ping", "-c3", "-i0.2", "-W2", "fd81::1");
            Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
            drops.putAll(pair.left.datapath.statistics().drops());
            // Router solicitations of the host.
            drops.remove(DropReason.NO_PEER);
            assertEquals(Map.of(), drops);
        }
    }
}
