package dev.culvert.app.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Words and options of {@code culvert client}. */
final class ClientSyntax {
    private ClientSyntax() {}

    /** What is to be done. */
    enum Action {
        ADD,
        LIST,
        SHOW,
        REMOVE
    }

    static CommandSpec spec(String name) {
        CommandSpec spec = CommandSpec.create().name(name + " client");
        spec.parser().caseInsensitiveEnumValuesAllowed(true);
        spec.usageMessage()
                .description(
                        "Adds, lists, shows or removes the clients of a server. Sessions of others"
                                + " live on.");
        spec.addOption(HelpOption.spec());
        spec.addOption(
                OptionSpec.builder("--qr")
                        .description("add, show: print the configuration as a QR code")
                        .type(boolean.class)
                        .build());
        spec.addOption(
                OptionSpec.builder("--public-key")
                        .paramLabel("KEY")
                        .description("add: of a client that keeps its private key to itself")
                        .type(String.class)
                        .build());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("add|list|show|remove")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("what is to be done")
                        .type(Action.class)
                        .build());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("NAME")
                        .index("1")
                        .arity("0..1")
                        .required(false)
                        .description("1 to 32 letters, digits or _ -")
                        .type(String.class)
                        .build());
        return spec;
    }

    /** What picocli cannot know. */
    static void refuseOdd(
            CommandLine commandLine, Action action, String client, ParseResult parsed) {
        boolean named = action != Action.LIST;
        if (named == client.isEmpty()) {
            throw new ParameterException(
                    commandLine, named ? "which client? NAME is missing" : "list takes no NAME");
        }
        if (parsed.hasMatchedOption("--public-key") && action != Action.ADD) {
            throw new ParameterException(commandLine, "--public-key goes with add alone");
        }
        if (parsed.hasMatchedOption("--qr") && action != Action.ADD && action != Action.SHOW) {
            throw new ParameterException(commandLine, "--qr goes with add or show");
        }
    }
}
