package dev.culvert.app.command;

import dev.culvert.app.config.ClientName;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.server.Server;
import dev.culvert.app.sidecar.ControlClient;
import dev.culvert.app.sidecar.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code culvert client}: the clients of a server. Changes are made in the folder of the keys, then
 * the process that runs here, if there is one, takes them over; what it refuses is undone.
 */
final class ClientCommand {
    private final String name;
    private final Surroundings surroundings;
    private final boolean qr;
    private final @Nullable PublicKey publicKey;

    private ClientCommand(
            String name, Surroundings surroundings, boolean qr, @Nullable PublicKey publicKey) {
        this.name = name;
        this.surroundings = surroundings;
        this.qr = qr;
        this.publicKey = publicKey;
    }

    static int run(String name, Surroundings surroundings, List<String> words) {
        CommandLine commandLine = new CommandLine(ClientSyntax.spec(name));
        try {
            ParseResult parsed = commandLine.parseArgs(words.toArray(String[]::new));
            if (parsed.isUsageHelpRequested()) {
                System.out.print(commandLine.getUsageMessage());
                return 0;
            }
            ClientSyntax.Action action = parsed.matchedPositionalValue(0, ClientSyntax.Action.LIST);
            String client = parsed.matchedPositionalValue(1, "");
            String key = parsed.matchedOptionValue("--public-key", "");
            ClientSyntax.refuseOdd(commandLine, action, client, parsed);
            return new ClientCommand(
                            name,
                            surroundings,
                            parsed.hasMatchedOption("--qr"),
                            key.isEmpty() ? null : PublicKey.parse(key))
                    .run(action, client);
        } catch (ParameterException refused) {
            System.err.println(
                    name + ": " + refused.getMessage() + " (see " + name + " client --help)");
        } catch (InvalidValueException invalid) {
            System.err.println(name + ": --public-key: " + invalid.reason());
        } catch (ConfigException refused) {
            System.err.println(refused.getMessage());
        }
        return 1;
    }

    private int run(ClientSyntax.Action action, String client) throws ConfigException {
        Server server = Server.open(surroundings.root(), surroundings.environment());
        return switch (action) {
            case LIST -> list(server);
            case ADD -> add(server, clientName(client));
            case SHOW -> {
                System.out.print(
                        qr
                                ? server.qrCode(clientName(client))
                                : server.configuration(clientName(client)));
                yield 0;
            }
            case REMOVE -> remove(server, clientName(client));
        };
    }

    private static ClientName clientName(String text) throws ConfigException {
        try {
            return ClientName.parse(text);
        } catch (InvalidValueException invalid) {
            throw new ConfigException("NAME", invalid.reason());
        }
    }

    private static int list(Server server) throws ConfigException {
        for (Server.Entry client : server.clients()) {
            System.out.printf(
                    "%-20s %-30s %s%s%n",
                    client.name(),
                    client.addresses(),
                    client.publicKey(),
                    client.active() ? "" : " (not in PEERS any more)");
        }
        return 0;
    }

    private int add(Server server, ClientName client) throws ConfigException {
        Path configuration = server.add(client, publicKey);
        Optional<ControlClient.Answer> answer = ControlClient.ask(surroundings, "reload");
        if (answer.isPresent() && answer.get().exitStatus() != 0) {
            server.remove(client);
            System.err.print(answer.get().text());
            return 1;
        }
        System.out.println(client + " is added: " + configuration + when(answer));
        if (qr) {
            System.out.print(server.qrCode(client));
        }
        return 0;
    }

    private int remove(Server server, ClientName client) throws ConfigException {
        server.remove(client);
        Optional<ControlClient.Answer> answer = ControlClient.ask(surroundings, "reload");
        if (answer.isPresent() && answer.get().exitStatus() != 0) {
            System.err.println(name + ": " + client + " is removed, but still connected:");
            System.err.print(answer.get().text());
            return 1;
        }
        System.out.println(client + " is removed" + when(answer));
        return 0;
    }

    private static String when(Optional<ControlClient.Answer> answer) {
        return answer.isPresent() ? "" : " (no culvert runs here: it counts from the next start)";
    }
}
