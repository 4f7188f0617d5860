package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.tun.netns.NetworkNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A closed namespace, and what leaves it. */
@Tag("netns")
@Tag("leaktest")
abstract class OnAnUplink {
    final KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
    UplinkLab lab;
    Capture capture;

    @BeforeEach
    final void open() throws Exception {
        lab = new UplinkLab();
        capture = lab.capture();
    }

    @AfterEach
    final void close() {
        capture.close();
        lab.close();
    }

    final void apply(Policy policy) throws Exception {
        lab.inside.callInside(() -> killSwitch.apply(policy));
        capture.drain();
    }

    /** What leaves while this runs, but questions about neighbours. */
    final List<Frame> leaving(NetworkNamespace.Action action) throws Exception {
        lab.inside.runInside(action);
        return capture.drain().stream()
                .filter(frame -> !frame.arp() && frame.neighbourDiscovery() == 0)
                .toList();
    }
}
