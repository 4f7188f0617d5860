package dev.culvert.wg.allowedips;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One peer's nodes in the order in which it got them, linked through the nodes. */
final class PrefixList {
    private @Nullable Node first;
    private @Nullable Node last;

    void add(Node node) {
        node.before = last;
        node.after = null;
        if (last == null) {
            first = node;
        } else {
            last.after = node;
        }
        last = node;
    }

    void remove(Node node) {
        Node before = node.before;
        Node after = node.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    void forEach(Consumer<Node> action) {
        for (Node node = first; node != null; node = node.after) {
            action.accept(node);
        }
    }
}
