package dev.culvert.killswitch;

import java.util.List;

/** What an application of a policy has reached. Each warning is one line for the log. */
public record Protection(Level level, List<String> warnings) {
    public Protection {
        warnings = List.copyOf(warnings);
    }
}
