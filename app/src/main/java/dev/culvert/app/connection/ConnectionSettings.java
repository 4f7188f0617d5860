package dev.culvert.app.connection;

import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.rules.NatRule;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Settings;
import java.util.List;

/**
 * What the environment says of all tunnels alike.
 *
 * @param natRules whose names of links are to be looked at; they are part of the exemptions
 */
public record ConnectionSettings(
        SidecarSettings sidecar, List<NatRule> natRules, Settings tunnel, AeadSelection aead) {
    public ConnectionSettings {
        natRules = List.copyOf(natRules);
    }
}
