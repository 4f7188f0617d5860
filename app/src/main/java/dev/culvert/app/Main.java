package dev.culvert.app;

import dev.culvert.app.command.CommandName;
import dev.culvert.app.command.Commands;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.MonitoringVariable;
import dev.culvert.app.config.ProcessEnvironment;
import dev.culvert.app.config.Variable;
import dev.culvert.app.log.LogConfigurator;
import dev.culvert.app.log.LogProvider;
import dev.culvert.app.privilege.NetAdmin;
import dev.culvert.app.status.Version;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.app.tunnel.TunnelException;
import java.util.Optional;

/**
 * Where the program starts. The end is always the JVM's shutdown, by a signal or by {@link
 * System#exit}: its hook closes the tunnel and decides the exit status, so that SIGINT and SIGTERM
 * are a clean end, too.
 *
 * <p>Neither lambdas nor pattern switches on the way to the tunnel: this class cannot be rehearsed
 * ({@link dev.culvert.app.rehearsal}), so each would spin a class at each start.
 */
public final class Main {
    private static final int CLOSE_TIMEOUT_MS = 5000;

    private final String name;
    private final Settings settings;
    private final AeadSelection aead;
    private final Ending ending = new Ending();
    private final Tunnel tunnel;

    private Main(String name, Settings settings) {
        this.name = name;
        this.settings = settings;
        this.aead = AeadSelection.start(settings.aead());
        this.tunnel = new Tunnel(ending);
    }

    /** Exits 0 when it is told to stop, 1 when the tunnel cannot be set up. */
    public static void main(String[] args) {
        String name = System.getProperty("culvert.name", "culvert");
        LogProvider.select();
        NetAdmin.raise();
        Arguments arguments = Arguments.parse(name, Version.text(), args);
        if (arguments instanceof Arguments.Run run) {
            run(name, run.interfaceName());
        } else if (arguments instanceof Arguments.Command command) {
            System.setProperty(LogConfigurator.PROPERTY_INTERFACE, "culvert");
            System.setProperty(LogConfigurator.PROPERTY_TELLING, "true");
            System.exit(
                    Commands.run(
                            name,
                            ProcessEnvironment.read(),
                            command.words(),
                            () -> Launcher.announceReady(ProcessEnvironment.read())));
        } else if (arguments instanceof Arguments.Print print) {
            System.out.print(print.text());
        } else if (arguments instanceof Arguments.Refuse refuse) {
            refuse(name, refuse.text());
        }
    }

    private static void run(String name, String interfaceName) {
        System.setProperty(LogConfigurator.PROPERTY_INTERFACE, interfaceName);
        try {
            complainOfLogging(name);
            complainOfCommand(name, interfaceName);
            new Main(name, Settings.of(ProcessEnvironment.read())).run(interfaceName);
        } catch (Settings.InvalidException invalid) {
            refuse(name, String.valueOf(invalid.getMessage()));
        }
    }

    /** No mistake here: wireguard-go takes any value, and the name is everybody's. */
    private static void complainOfLogging(String name) {
        MonitoringVariable[] variables = {
            MonitoringVariable.LOG_LEVEL, MonitoringVariable.LOG_FORMAT
        };
        for (ConfigProblem mistake : Variable.mistakes(variables, ProcessEnvironment.read())) {
            System.err.println(name + ": " + mistake);
        }
    }

    /** No mistake either: it may be meant as the name of an interface. */
    private static void complainOfCommand(String name, String interfaceName) {
        Optional<String> command = CommandName.nearest(interfaceName);
        if (command.isPresent()) {
            System.err.println(
                    name
                            + ": makes an interface "
                            + interfaceName
                            + "; if you mean the command: "
                            + name
                            + " "
                            + command.get());
        }
    }

    private static void refuse(String name, String why) {
        System.err.println(name + ": " + why);
        System.exit(1);
    }

    private void run(String interfaceName) {
        Runtime.getRuntime().addShutdownHook(new End());
        try {
            tunnel.open(interfaceName, settings, aead);
            Launcher.announceReady(ProcessEnvironment.read());
        } catch (TunnelException refused) {
            System.err.println(name + ": " + refused.getMessage());
            ending.request(1);
        }
        System.exit(ending.await());
    }

    /** Without a request it was a signal. */
    private final class End extends Thread {
        End() {
            super("end");
        }

        @Override
        public void run() {
            // This thread comes from the JVM, not from the first one.
            NetAdmin.raise();
            ending.request(0);
            Thread.ofPlatform().daemon().name("end-timeout").start(Main::haltLater);
            tunnel.close();
            Runtime.getRuntime().halt(ending.await());
        }
    }

    /**
     * The kernel takes back interface and sockets of a process, whatever keeps it from closing
     * them.
     */
    private static void haltLater() {
        try {
            Thread.sleep(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.err.println("closing took too long");
        Runtime.getRuntime().halt(1);
    }
}
