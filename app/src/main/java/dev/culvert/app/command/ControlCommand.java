package dev.culvert.app.command;

import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.Surroundings;
import java.util.Optional;

/** Commands that the process which runs here carries out: {@code reload}, {@code down}. */
final class ControlCommand {
    private ControlCommand() {}

    static int run(String name, Surroundings surroundings, String request) {
        Optional<ControlClient.Answer> answer = ControlClient.ask(surroundings, request);
        if (answer.isEmpty()) {
            System.err.println(name + ": no culvert runs in this network namespace");
            return 1;
        }
        int status = answer.get().exitStatus();
        (status == 0 ? System.out : System.err).print(answer.get().text());
        return status;
    }
}
