package dev.culvert.app;

import dev.culvert.app.command.CommandName;
import dev.culvert.app.command.HelpOption;
import dev.culvert.app.config.EngineVariable;
import dev.culvert.app.config.MonitoringVariable;
import dev.culvert.app.config.Variable;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Options, help and complaints, by picocli's model: its annotations would take reflection. */
final class CommandSyntax {
    private CommandSyntax() {}

    static Arguments parse(String name, String version, String... args) {
        CommandLine commandLine = new CommandLine(spec(name, version));
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (parsed.isUsageHelpRequested()) {
                return new Arguments.Print(commandLine.getUsageMessage());
            }
            if (parsed.isVersionHelpRequested()) {
                return new Arguments.Print("culvert " + version + ", WireGuard in user space\n");
            }
            return Arguments.run(parsed.matchedPositionalValue(0, ""));
        } catch (ParameterException refused) {
            return new Arguments.Refuse(refused.getMessage() + " (see " + name + " --help)");
        }
    }

    private static CommandSpec spec(String name, String version) {
        CommandSpec spec = CommandSpec.create().name(name).version(version);
        spec.usageMessage()
                .description(
                        "Creates the WireGuard interface IFNAME in user space and goes to the"
                                + " background. Configure it with wg or wg-quick.");
        spec.addOption(
                OptionSpec.builder("-f", "--foreground")
                        .description("stay in the foreground (also: WG_PROCESS_FOREGROUND=1)")
                        .type(boolean.class)
                        .build());
        spec.addOption(
                OptionSpec.builder("-V", "--version")
                        .description("print the version")
                        .versionHelp(true)
                        .type(boolean.class)
                        .build());
        spec.addOption(HelpOption.spec());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("IFNAME")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("name of the interface")
                        .type(String.class)
                        .build());
        List<String> footer = new ArrayList<>(commands(name));
        footer.addAll(environment());
        spec.usageMessage().footer(footer.toArray(String[]::new));
        return spec;
    }

    private static List<String> commands(String name) {
        List<String> lines = new ArrayList<>(List.of("", "Commands (" + name + " run --help):"));
        for (CommandName command : CommandName.values()) {
            lines.add(String.format("  %-9s %s", command.word(), command.description()));
        }
        return lines;
    }

    private static List<String> environment() {
        List<String> lines = new ArrayList<>(List.of("", "Environment:"));
        List<Variable> variables = new ArrayList<>();
        variables.add(MonitoringVariable.LOG_LEVEL);
        variables.addAll(List.of(EngineVariable.values()));
        for (Variable variable : variables) {
            String choices = String.join("|", variable.definition().choices());
            lines.add("  " + variable.name() + (choices.isEmpty() ? "" : "=" + choices));
        }
        return lines;
    }
}
