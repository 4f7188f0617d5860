package dev.culvert.app.connection;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.wg.uapi.DeviceSnapshot;

/** The end of a tunnel; rules and closed routes stay. */
final class TearDown {
    private TearDown() {}

    /** Of one that was connected once: of others no commands are run, and nothing is saved. */
    static void of(Tunnel tunnel, LiveTunnel live, TunnelConfig config) {
        HookRunner.tryRun("PreDown", config.local().hooks().preDown());
        if (config.local().saveConfig()) {
            save(live, config);
        }
        tunnel.close();
        HookRunner.tryRun("PostDown", config.local().hooks().postDown());
    }

    private static void save(LiveTunnel live, TunnelConfig config) {
        DeviceSnapshot snapshot = live.snapshot();
        try {
            SavedConfig.write(config, snapshot);
        } finally {
            snapshot.zero();
        }
    }
}
