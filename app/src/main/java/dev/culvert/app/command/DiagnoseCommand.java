package dev.culvert.app.command;

import dev.culvert.app.diagnose.Diagnosis;
import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.KernelStatus;
import dev.culvert.app.sidecar.Surroundings;
import java.util.Optional;

/**
 * {@code culvert diagnose}: by the sidecar that runs here, else of devices that {@code wg}
 * configures and of what the kernel still has.
 */
final class DiagnoseCommand {
    private DiagnoseCommand() {}

    static int run(Surroundings surroundings) {
        Optional<ControlClient.Answer> answer = ControlClient.ask(surroundings, "diagnose");
        System.out.print(
                answer.isPresent()
                        ? answer.get().text()
                        : Diagnosis.of(
                                surroundings.root(),
                                surroundings.environment(),
                                KernelStatus.withoutSidecar()));
        return 0;
    }
}
