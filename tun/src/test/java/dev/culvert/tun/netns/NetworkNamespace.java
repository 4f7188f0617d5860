package dev.culvert.tun.netns;

import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A network namespace of a test, loopback up. Closing it kills what still runs inside (daemons too)
 * and removes it; what a test run that was aborted leaves behind is removed when its JVM exits.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Set<NetworkNamespace> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> OPEN.forEach(NetworkNamespace::close), "netns-cleanup"));
    }

    private final String name;
    private final List<RunningProcess> processes = new ArrayList<>();
    private final AtomicInteger veths = new AtomicInteger();

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /** Named {@code <prefix>-<pid>-<number>}. */
    public static NetworkNamespace create(String prefix) {
        String name = prefix + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        NetworkNamespace namespace = new NetworkNamespace(name);
        OPEN.add(namespace);
        host("ip", "netns", "add", name);
        namespace.run("ip", "link", "set", "lo", "up");
        return namespace;
    }

    public String name() {
        return name;
    }

    /** To open for {@code setns}. */
    public Path path() {
        return Path.of("/var/run/netns", name);
    }

    /** Runs a command inside to its end (at most a minute), however it ends. */
    public Execution exec(String... command) {
        try (RunningProcess process = RunningProcess.start(List.of(), inside(command))) {
            return process.await(COMMAND_TIMEOUT);
        }
    }

    /** Runs a command inside that must succeed; its output. */
    public String run(String... command) {
        Execution execution = exec(command);
        if (execution.exitCode() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + execution);
        }
        return execution.output();
    }

    /**
     * Starts a command inside, in the background; it is killed with the namespace at the latest.
     */
    public RunningProcess start(String... command) {
        return start(List.of(), command);
    }

    /** The same with settings {@code NAME=value} in the environment. */
    public RunningProcess start(List<String> environment, String... command) {
        RunningProcess process = RunningProcess.start(environment, inside(command));
        synchronized (processes) {
            processes.add(process);
        }
        return process;
    }

    /**
     * Calls in a thread of its own inside: sockets and TUN devices that it opens belong to this
     * namespace for good.
     */
    public <T> T callInside(Callable<T> task) throws Exception {
        FutureTask<T> future =
                new FutureTask<>(() -> {
                    enter();
                    return task.call();
                });
        Thread.ofPlatform().daemon().name("inside-" + name).start(future);
        try {
            return future.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                case null, default -> throw failed;
            }
        }
    }

    /** Something that may fail. */
    public interface Action {
        void run() throws Exception;
    }

    /** The same without a result. */
    public void runInside(Action action) throws Exception {
        callInside(() -> {
            action.run();
            return Boolean.TRUE;
        });
    }

    /** Moves the calling thread inside, for good: for threads of a test's own. */
    public void enter() throws ErrnoException {
        int fd =
                ErrnoException.check(
                        "open " + path(), Libc.open(path().toString(), Libc.O_CLOEXEC, 0));
        try {
            ErrnoException.check("setns " + name, Libc.setns(fd, Libc.CLONE_NEWNET));
        } finally {
            Libc.close(fd);
        }
    }

    /**
     * Gives a link an address, {@code "10.0.0.1/24"} or {@code "fd00::1/64"}, that takes packets
     * when this returns: IPv6 without duplicate address detection, whose end the kernel still
     * leaves to a thread of its own.
     */
    public void addAddress(String link, String address) {
        if (!address.contains(":")) {
            run("ip", "address", "add", address, "dev", link);
            return;
        }
        run("ip", "address", "add", address, "dev", link, "nodad");
        String host = address.substring(0, address.indexOf('/'));
        await(
                Duration.ofSeconds(10),
                () -> !run("ip", "-6", "route", "show", "table", "local", host).isBlank(),
                () -> run("ip", "-6", "address"));
    }

    /** For instance {@code sysctl("net.ipv4.ip_forward", "1")}. */
    public void sysctl(String key, String value) {
        run("sh", "-c", "echo " + value + " > /proc/sys/" + key.replace('.', '/'));
    }

    /** A name for the next veth end inside. */
    String nextVeth() {
        return "veth" + veths.getAndIncrement();
    }

    @Override
    public void close() {
        if (!OPEN.remove(this)) {
            return;
        }
        synchronized (processes) {
            processes.forEach(RunningProcess::close);
            processes.clear();
        }
        long self = ProcessHandle.current().pid();
        host("ip", "netns", "pids", name)
                .lines()
                .map(Long::parseLong)
                .filter(pid -> pid != self)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .forEach(ProcessHandle::destroyForcibly);
        host("ip", "netns", "del", name);
    }

    void awaitLinkLocalAddress(String link) {
        String[] tried = {
            "ip", "-6", "-o", "address", "show", "dev", link, "scope", "link", "-tentative"
        };
        await(
                COMMAND_TIMEOUT,
                () -> !run(tried).isBlank(),
                () -> run("ip", "-6", "address", "show", "dev", link));
    }

    /** Polls a condition every 10 ms. */
    public static void await(
            Duration timeout, BooleanSupplier condition, Supplier<String> failure) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("after " + timeout + ": " + failure.get());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }
    }

    private List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return whole;
    }

    private static String host(String... command) {
        try (RunningProcess process = RunningProcess.start(List.of(), List.of(command))) {
            Execution execution = process.await(COMMAND_TIMEOUT);
            if (execution.exitCode() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + execution);
            }
            return execution.output();
        }
    }
}
