package dev.culvert.app.command;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.dns.ResolvConf;
import dev.culvert.app.routing.RouteControl;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.routing.Uplinks;
import dev.culvert.app.rules.NatRules;
import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.Surroundings;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.util.Set;

/** {@code culvert disarm}: the one way to open a namespace again. */
final class DisarmCommand {
    private DisarmCommand() {}

    static int run(String name, Surroundings surroundings) {
        if (ControlClient.ask(surroundings, "status").isPresent()) {
            System.err.println(name + ": culvert runs here; end it first: " + name + " down");
            return 1;
        }
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            new ResolvConf(surroundings.root()).restore();
            RouteControl.removeAll(
                    rtnetlink,
                    RoutePlanner.localNetworks(
                            exemptions(surroundings), Uplinks.list(rtnetlink, Set.of())));
            KillSwitch.disarm();
        } catch (IOException | KillSwitchException refused) {
            System.err.println(name + ": " + refused.getMessage());
            return 1;
        }
        System.out.println("disarmed: everything may leave");
        return 0;
    }

    private static Exemptions exemptions(Surroundings surroundings) {
        try {
            return NatRules.settings(surroundings.environment()).exemptions();
        } catch (ConfigException invalid) {
            return Exemptions.NONE;
        }
    }
}
