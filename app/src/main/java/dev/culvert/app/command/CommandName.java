package dev.culvert.app.command;

import dev.culvert.app.config.NearestName;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The commands, in the order in which a newcomer meets them. */
public enum CommandName {
    RUN(Place.FOREGROUND, "Arms the kill switch, brings the tunnel up and looks after it."),
    UP(Place.BACKGROUND, "As run, in the background: returns once the tunnel carries traffic."),
    DOWN(Place.FOREGROUND, "Ends the process that runs here. Nothing leaves until disarm."),
    RELOAD(Place.FOREGROUND, "Goes over to the changed configuration; sessions live on."),
    STATUS(Place.FOREGROUND, "Shows tunnel and kill switch. Exits 0 if it is connected."),
    HEALTH(
            Place.LAUNCHER,
            "Exits 0 if traffic may be sent to the tunnel. Quick: the launcher answers it."),
    CHECK(Place.FOREGROUND, "Reads the configuration, says what is wrong, and changes nothing."),
    DIAGNOSE(
            Place.FOREGROUND,
            "Shows what there is to see of network, tunnel and kill switch, and names the"
                    + " likely cause of what does not work."),
    LEAKTEST(Place.FOREGROUND, "Tries every way past the kill switch; exits 0 if none leads out."),
    CLIENT(Place.FOREGROUND, "Adds, lists, shows and removes clients of a server."),
    ARM(Place.LAUNCHER, "Closes the kill switch, without the Java runtime."),
    DISARM(Place.FOREGROUND, "Removes rules and routes, restores resolv.conf: all may leave.");

    /** Where the launcher, bin/culvert, has it run. */
    enum Place {
        /** Until it ends, the caller waits. */
        FOREGROUND,
        /** The caller goes on once it is ready. */
        BACKGROUND,
        /** In the launcher itself; the Java runtime is for its help at the most. */
        LAUNCHER
    }

    /** Where one letter makes another word of a short name. */
    private static final int SHORTEST_TO_MISTYPE = 5;

    private final Place place;
    private final String description;

    CommandName(Place place, String description) {
        this.place = place;
        this.description = description;
    }

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it does, in a line or two. */
    public String description() {
        return description;
    }

    Place place() {
        return place;
    }

    /** Whether it takes configurations as arguments. */
    boolean takesConfigurations() {
        return this == RUN || this == UP || this == CHECK;
    }

    /** Of a command that the Java runtime knows; empty: the word is none, or the launcher's. */
    public static Optional<CommandName> of(String word) {
        return Arrays.stream(values())
                .filter(command -> command != ARM && command.word().equals(word))
                .findFirst();
    }

    /** That the name of an interface looks like, but for one letter; empty: none. */
    public static Optional<String> nearest(String interfaceName) {
        return interfaceName.length() < SHORTEST_TO_MISTYPE
                ? Optional.empty()
                : Optional.ofNullable(
                        NearestName.of(
                                interfaceName,
                                Arrays.stream(values()).map(CommandName::word).toList(),
                                1));
    }
}
