package dev.culvert.app;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the command line asks for. */
sealed interface Arguments {
    /** Run a tunnel on this interface. */
    record Run(String interfaceName) implements Arguments {}

    /** Print this to stdout and exit 0. */
    record Print(String text) implements Arguments {}

    /** Print this to stderr and exit 1. */
    record Refuse(String text) implements Arguments {}

    /**
     * Reads the arguments. Going to the background is the launcher's work: {@code --foreground} is
     * accepted here and changes nothing.
     *
     * @param name the name the program was called by
     */
    static Arguments parse(String name, String version, String... args) {
        // How wg-quick calls it. Without picocli's classes, which would be a third of the start.
        if (args.length == 1 && !args[0].startsWith("-")) {
            return run(args[0]);
        }
        CommandLine commandLine = new CommandLine(spec(name, version));
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (parsed.isUsageHelpRequested()) {
                return new Print(commandLine.getUsageMessage());
            }
            if (parsed.isVersionHelpRequested()) {
                return new Print("culvert " + version + ", WireGuard in user space\n");
            }
            return run(parsed.matchedPositionalValue(0, ""));
        } catch (ParameterException refused) {
            return new Refuse(refused.getMessage() + " (see " + name + " --help)");
        }
    }

    private static Arguments run(String interfaceName) {
        if (InterfaceName.isValid(interfaceName)) {
            return new Run(interfaceName);
        }
        return new Refuse(
                "\""
                        + interfaceName
                        + "\" is no interface name: 1 to 15 characters, no blank, '/', ':' or '%'");
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
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .description("print this")
                        .usageHelp(true)
                        .type(boolean.class)
                        .build());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("IFNAME")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("name of the interface")
                        .type(String.class)
                        .build());
        spec.usageMessage()
                .footer(
                        "",
                        "Environment: LOG_LEVEL=verbose|error|silent, WG_TUN_FD, WG_UAPI_FD,",
                        "CULVERT_AEAD=auto|openssl|jdk|bouncycastle, CULVERT_IO=auto|io_uring|syscalls,",
                        "CULVERT_TUN_OFFLOAD, CULVERT_TUN_GRO, CULVERT_UDP_GSO, CULVERT_UDP_GRO=on|off");
        return spec;
    }
}
