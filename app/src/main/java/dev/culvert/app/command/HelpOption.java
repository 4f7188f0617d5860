package dev.culvert.app.command;

import picocli.CommandLine.Model.OptionSpec;

/** {@code --help}, of the program and of each command. */
public final class HelpOption {
    private HelpOption() {}

    public static OptionSpec spec() {
        return OptionSpec.builder("-h", "--help")
                .description("print this")
                .usageHelp(true)
                .type(boolean.class)
                .build();
    }
}
