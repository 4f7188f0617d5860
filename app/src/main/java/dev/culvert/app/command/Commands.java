package dev.culvert.app.command;

import dev.culvert.app.sidecar.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands by name. */
public final class Commands {
    private Commands() {}

    /**
     * Runs one to its end.
     *
     * @param name of the program, for messages
     * @param onReady lets whoever started {@code up} go on
     * @return the exit status
     */
    public static int run(
            String name, Map<String, String> environment, List<String> words, Runnable onReady) {
        List<String> arguments = words.subList(1, words.size());
        CommandName command = CommandName.of(words.getFirst()).orElseThrow();
        if (command == CommandName.CLIENT) {
            return ClientCommand.run(
                    name, new Surroundings(Path.of("/"), environment, List.of()), arguments);
        }
        if (!SubcommandSyntax.isPlain(command, arguments)) {
            Optional<Integer> status = SubcommandSyntax.check(name, command, arguments);
            if (status.isPresent()) {
                return status.get();
            }
        }
        List<String> configurations =
                arguments.stream().filter(word -> !word.startsWith("-")).toList();
        Surroundings surroundings = new Surroundings(Path.of("/"), environment, configurations);
        return switch (command) {
            case RUN, UP -> new RunCommand(name, surroundings, onReady).run();
            case CHECK -> CheckCommand.run(surroundings);
            case DISARM -> DisarmCommand.run(name, surroundings);
            case STATUS -> StatusCommand.run(surroundings, arguments.contains("--json"));
            case DIAGNOSE -> DiagnoseCommand.run(surroundings);
            case LEAKTEST -> LeakTestCommand.run(name);
            case RELOAD, DOWN -> ControlCommand.run(name, surroundings, command.word());
            case CLIENT, HEALTH, ARM -> throw new IllegalStateException(command.word());
        };
    }
}
