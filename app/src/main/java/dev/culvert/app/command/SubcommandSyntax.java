package dev.culvert.app.command;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** Options, help and complaints of the commands, by picocli; a plain command does without it. */
final class SubcommandSyntax {
    private SubcommandSyntax() {}

    /** Nothing that needs explaining or complaining. */
    static boolean isPlain(CommandName command, List<String> arguments) {
        int most = command.takesConfigurations() ? Integer.MAX_VALUE : 0;
        return arguments.size() <= most
                && arguments.stream().noneMatch(word -> word.startsWith("-") || word.isEmpty());
    }

    /** Empty: the words are right and the command is to be run. Otherwise its exit status. */
    static Optional<Integer> check(String name, CommandName command, List<String> words) {
        CommandLine commandLine = new CommandLine(spec(name, command));
        try {
            String[] arguments = words.toArray(String[]::new);
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
                            + command.word()
                            + " --help)");
            return Optional.of(1);
        }
    }

    private static CommandSpec spec(String name, CommandName command) {
        CommandSpec spec = CommandSpec.create().name(name + " " + command.word());
        spec.usageMessage().description(command.description());
        spec.addOption(HelpOption.spec());
        if (command == CommandName.STATUS) {
            spec.addOption(
                    OptionSpec.builder("--json")
                            .description("one JSON object")
                            .type(boolean.class)
                            .build());
        }
        if (command.takesConfigurations()) {
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
}
