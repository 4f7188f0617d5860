package dev.culvert.app;

import java.nio.charset.StandardCharsets;

/** The bounds of the kernel for the name of a network interface, and of a socket file's name. */
final class InterfaceName {
    private static final int MAX_BYTES = 15;

    private InterfaceName() {}

    /** '%' would be a template for the kernel, ':' an alias for old tools. */
    static boolean isValid(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > 0
                && bytes <= MAX_BYTES
                && !name.equals(".")
                && !name.equals("..")
                && name.chars()
                        .noneMatch(c -> c <= ' ' || c == 0x7f || c == '/' || c == ':' || c == '%');
    }
}
