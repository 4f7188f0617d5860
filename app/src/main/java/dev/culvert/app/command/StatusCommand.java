package dev.culvert.app.command;

import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.KernelStatus;
import dev.culvert.app.sidecar.Surroundings;
import dev.culvert.app.status.StatusReport;
import java.util.Optional;

/**
 * {@code culvert status}: of the sidecar that runs here, else of devices that {@code wg} configures
 * and of what the kernel still has.
 */
final class StatusCommand {
    private StatusCommand() {}

    static int run(Surroundings surroundings, boolean json) {
        Optional<ControlClient.Answer> answer =
                ControlClient.ask(surroundings, json ? "status --json" : "status");
        if (answer.isPresent()) {
            System.out.print(answer.get().text());
            return answer.get().exitStatus();
        }
        StatusReport report = KernelStatus.withoutSidecar();
        System.out.print(json ? report.json() : report.text());
        return report.exitStatus();
    }
}
