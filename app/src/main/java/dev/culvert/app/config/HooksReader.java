package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;

/** The hooks of a file, as far as they are allowed. */
final class HooksReader {
    private final Problems problems;
    private final String interfaceName;
    private final boolean allowed;
    private final List<String> preUp = new ArrayList<>();
    private final List<String> postUp = new ArrayList<>();
    private final List<String> preDown = new ArrayList<>();
    private final List<String> postDown = new ArrayList<>();

    /**
     * @param allowed {@code ALLOW_HOOKS=1}
     */
    HooksReader(Problems problems, String interfaceName, boolean allowed) {
        this.problems = problems;
        this.interfaceName = interfaceName;
        this.allowed = allowed;
    }

    /** A provider's kill switch is never run: it would need iptables, and fight with culvert's. */
    void read(WgQuickEntry entry) throws InvalidValueException {
        String command = entry.text().replace("%i", interfaceName);
        HookLine kind = HookLine.of(command);
        if (kind == HookLine.KILL_SWITCH || (kind == HookLine.LOCAL_NETWORK && !allowed)) {
            problems.notice(entry.line(), entry.key().label, kind.note);
            return;
        }
        if (!allowed) {
            throw new InvalidValueException(
                    "commands are run only with ALLOW_HOOKS=1; set it, or remove the line");
        }
        switch (entry.key()) {
            case PRE_UP -> preUp.add(command);
            case POST_UP -> postUp.add(command);
            case PRE_DOWN -> preDown.add(command);
            default -> postDown.add(command);
        }
    }

    Hooks finish() {
        return new Hooks(
                List.copyOf(preUp),
                List.copyOf(postUp),
                List.copyOf(preDown),
                List.copyOf(postDown));
    }
}
