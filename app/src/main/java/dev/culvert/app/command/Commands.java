package dev.culvert.app.command;

import dev.culvert.app.sidecar.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands by name. */
public final class Commands {
    private Commands() {}

    /** What each command does, by name. */
    public static Map<String, String> descriptions() {
        return SubcommandSyntax.all();
    }

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
        String command = words.getFirst();
        if (command.equals("client")) {
            return ClientCommand.run(
                    name, new Surroundings(Path.of("/"), environment, List.of()), arguments);
        }
        if (!SubcommandSyntax.isPlain(command, arguments)) {
            Optional<Integer> status = SubcommandSyntax.check(name, words);
            if (status.isPresent()) {
                return status.get();
            }
        }
        List<String> configurations =
                arguments.stream().filter(word -> !word.startsWith("-")).toList();
        Surroundings surroundings = new Surroundings(Path.of("/"), environment, configurations);
        return switch (command) {
            case "run", "up" -> new RunCommand(name, surroundings, onReady).run();
            case "check" -> CheckCommand.run(surroundings);
            case "disarm" -> DisarmCommand.run(name, surroundings);
            case "status" -> StatusCommand.run(surroundings, arguments.contains("--json"));
            case "diagnose" -> DiagnoseCommand.run(surroundings);
            case "leaktest" -> LeakTestCommand.run(name);
            case "reload" -> ControlCommand.run(name, surroundings, "reload");
            case "down" -> ControlCommand.run(name, surroundings, "down");
            default -> throw new IllegalStateException(command);
        };
    }
}
