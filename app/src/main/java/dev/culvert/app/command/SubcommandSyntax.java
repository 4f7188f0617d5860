package dev.culvert.app.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** Options, help and complaints of the commands, by picocli; a plain command does without it. */
final class SubcommandSyntax {
    private static final List<String> WITH_CONFIGURATION = List.of("run", "up", "check");

    private static final Map<String, String> DESCRIPTIONS = descriptions();

    private SubcommandSyntax() {}

    /** What each command does, by name, in the order in which a newcomer meets them. */
    static Map<String, String> all() {
        return Collections.unmodifiableMap(DESCRIPTIONS);
    }

    /** Nothing that needs explaining or complaining. */
    static boolean isPlain(String command, List<String> arguments) {
        int most = WITH_CONFIGURATION.contains(command) ? Integer.MAX_VALUE : 0;
        return arguments.size() <= most
                && arguments.stream().noneMatch(word -> word.startsWith("-") || word.isEmpty());
    }

    /** Empty: the words are right and the command is to be run. Otherwise its exit status. */
    static Optional<Integer> check(String name, List<String> words) {
        CommandLine commandLine = new CommandLine(spec(name, words.getFirst()));
        try {
            String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
            if (commandLine.parseArgs(arguments).isUsageHelpRequested()) {
                System.out.print(commandLine.getUsageMessage());
                return Optional.of(0);
            }
            return Optional.empty();
        } catch (ParameterException refused) {
            System.err.println(
                    name
                            + ": "
                            + refused.getMessage()
                            + " (see "
                            + name
                            + " "
                            + words.getFirst()
                            + " --help)");
            return Optional.of(1);
        }
    }

    private static CommandSpec spec(String name, String command) {
        CommandSpec spec = CommandSpec.create().name(name + " " + command);
        spec.usageMessage().description(description(command));
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .description("print this")
                        .usageHelp(true)
                        .type(boolean.class)
                        .build());
        if (command.equals("status")) {
            spec.addOption(
                    OptionSpec.builder("--json")
                            .description("one JSON object")
                            .type(boolean.class)
                            .build());
        }
        if (WITH_CONFIGURATION.contains(command)) {
            spec.addPositional(
                    PositionalParamSpec.builder()
                            .paramLabel("CONF")
                            .index("0..*")
                            .arity("0..*")
                            .required(false)
                            .description("wg-quick files, or their names in /etc/wireguard")
                            .type(String[].class)
                            .build());
        }
        return spec;
    }

    private static String description(String command) {
        return DESCRIPTIONS.getOrDefault(command, "");
    }

    private static Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("run", "Arms the kill switch, brings the tunnel up and looks after it.");
        all.put("up", "As run, in the background: returns once the tunnel carries traffic.");
        all.put("down", "Ends the process that runs here. Nothing leaves until disarm.");
        all.put("reload", "Goes over to the changed configuration; sessions live on.");
        all.put("status", "Shows tunnel and kill switch. Exits 0 if it is connected.");
        all.put(
                "health",
                "Exits 0 if traffic may be sent to the tunnel. Quick: the launcher answers it.");
        all.put("check", "Reads the configuration, says what is wrong, and changes nothing.");
        all.put(
                "diagnose",
                "Shows what there is to see of network, tunnel and kill switch, and names the"
                        + " likely cause of what does not work.");
        all.put("leaktest", "Tries every way past the kill switch; exits 0 if none leads out.");
        all.put("client", "Adds, lists, shows and removes clients of a server.");
        all.put("arm", "Closes the kill switch, without the Java runtime.");
        all.put("disarm", "Removes rules and routes, restores resolv.conf: all may leave.");
        return all;
    }
}
