package dev.culvert.app.sidecar;

import dev.culvert.tun.sys.Libc;

/**
 * Process 1 inherits the children of those that end before them, and has to take note of their end.
 * Those that the sidecar starts itself have been waited for when this is called.
 */
final class Zombies {
    private static final int MAX_AT_ONCE = 64;

    private Zombies() {}

    static void reap() {
        for (int i = 0; i < MAX_AT_ONCE && Libc.reapChild() > 0; i++) {}
    }
}
