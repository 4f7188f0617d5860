package dev.culvert.app.config;

/** How packets are moved, and how the process is started. */
public enum EngineVariable implements Variable {
    CULVERT_AEAD(
            Definition.choice(
                    "who encrypts; `auto`: the first of them that is there and passes a"
                            + " known-answer test. With `jdk` and `bouncycastle` handshakes are"
                            + " computed in Java, too",
                    "auto",
                    "ipsec-mb",
                    "boringssl",
                    "openssl",
                    "jdk",
                    "bouncycastle")),
    CULVERT_IO(
            Definition.choice("how packets are read and written", "auto", "io_uring", "syscalls")),
    CULVERT_TUN_OFFLOAD(onOrOff("super-packets between the kernel and culvert")),
    CULVERT_TUN_GRO(onOrOff("super-packets from culvert to the kernel")),
    CULVERT_UDP_GSO(onOrOff("one send for many datagrams")),
    CULVERT_UDP_GRO(onOrOff("one receive for many datagrams")),
    CULVERT_WARMUP(
            onOrOff(
                    "compiles the packet path during the start, with packets of its own on the"
                            + " loopback interface, for up to two seconds; the UAPI socket waits"
                            + " for it until the process is 450 ms old")),
    WG_PROCESS_FOREGROUND(Definition.of("`1`", "`culvert wg0` stays in the foreground, as `-f`")),
    WG_TUN_FD(Definition.of("a number", "takes over an open TUN device")),
    WG_UAPI_FD(Definition.of("a number", "takes over a listening UAPI socket")),
    CULVERT_JAVA_OPTS(Definition.of("options", "more options for the Java runtime")),
    CULVERT_READY_FD(
            Definition.of("a number", "between the launcher and the program, not to be set"));

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    EngineVariable(Definition definition) {
        this.definition = definition;
    }

    private static Definition onOrOff(String meaning) {
        return Definition.choice(meaning, "on", "off");
    }

    @Override
    public Definition definition() {
        return definition;
    }
}
