package dev.culvert.app.config;

import java.util.List;

/** Shell commands around the tunnel's life, with {@code %i} replaced, in the order of the file. */
public record Hooks(
        List<String> preUp, List<String> postUp, List<String> preDown, List<String> postDown) {
    /** No commands. */
    public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), List.of());

    /** Whether there is none at all. */
    public boolean isEmpty() {
        return preUp.isEmpty() && postUp.isEmpty() && preDown.isEmpty() && postDown.isEmpty();
    }
}
