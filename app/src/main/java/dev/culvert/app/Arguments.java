package dev.culvert.app;

import dev.culvert.app.command.CommandName;
import java.util.List;

/** What the command line asks for. */
sealed interface Arguments {
    /** Run a tunnel on this interface. */
    record Run(String interfaceName) implements Arguments {}

    /** Run a command of the sidecar; the first word is its name. */
    record Command(List<String> words) implements Arguments {}

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
        // Their names cannot be names of interfaces.
        if (args.length > 0 && CommandName.of(args[0]).isPresent()) {
            return new Command(List.of(args));
        }
        // How wg-quick calls it. Without picocli, which would be a third of the start: its classes
        // are of a format too old for the AOT cache.
        if (args.length == 1 && !args[0].startsWith("-")) {
            return run(args[0]);
        }
        return CommandSyntax.parse(name, version, args);
    }

    /** A tunnel on this interface, if that is a name for one. */
    static Arguments run(String interfaceName) {
        if (InterfaceName.isValid(interfaceName)) {
            return new Run(interfaceName);
        }
        return new Refuse(
                "\""
                        + interfaceName
                        + "\" is no interface name: 1 to 15 characters, no blank, '/', ':' or '%'");
    }
}
