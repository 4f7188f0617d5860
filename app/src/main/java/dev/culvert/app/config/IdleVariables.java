package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Variables that are set and have no effect, since another one that asks for them is not. No
 * mistakes, but worth a line: who set them expects something.
 */
public final class IdleVariables {
    private IdleVariables() {}

    /** One line for those that miss the same. */
    public static List<String> notices(Map<String, String> environment) {
        List<String> notices = new ArrayList<>();
        if (!MonitoringVariable.CHECK_CONNECTION_CRON.isIn(environment)) {
            notice(
                    notices,
                    environment,
                    "CHECK_CONNECTION_CRON, which says when to check",
                    MonitoringVariable.CHECK_CONNECTION_URL,
                    MonitoringVariable.CHECK_CONNECTION_ATTEMPTS,
                    MonitoringVariable.CHECK_CONNECTION_ATTEMPT_INTERVAL);
        }
        if (isOff(MonitoringVariable.STATUS_ADDR, environment)) {
            notice(notices, environment, "STATUS_ADDR", MonitoringVariable.STATUS_TOKEN);
        }
        if (isOff(SidecarVariable.GATEWAY_DNS, environment)) {
            notice(notices, environment, "GATEWAY_DNS", SidecarVariable.GATEWAY_DNS_SERVER);
        }
        if (!ServerSettings.areGiven(environment)) {
            notice(
                    notices,
                    environment,
                    "PEERS, SERVERURL or WG_CLIENT_PUBKEY, which make a server",
                    Arrays.stream(ServerVariable.values())
                            .filter(variable -> variable != ServerVariable.CULVERT_STATE_DIR)
                            .toArray(Variable[]::new));
        }
        return List.copyOf(notices);
    }

    private static boolean isOff(Variable variable, Map<String, String> environment) {
        return variable.in(environment).equals(variable.definition().absent());
    }

    private static void notice(
            List<String> notices,
            Map<String, String> environment,
            String missing,
            Variable... variables) {
        List<String> idle =
                Arrays.stream(variables)
                        .filter(variable -> variable.isIn(environment))
                        .map(Variable::name)
                        .toList();
        if (!idle.isEmpty()) {
            notices.add(
                    String.join(", ", idle)
                            + (idle.size() == 1 ? ": has" : ": have")
                            + " no effect without "
                            + missing);
        }
    }
}
