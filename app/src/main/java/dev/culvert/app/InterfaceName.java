package dev.culvert.app;

import java.nio.charset.StandardCharsets;

/** The bounds of the kernel for the name of a network interface, and of a socket file's name. */
final class InterfaceName {
    private static final int MAX_BYTES = 15;

    private InterfaceName() {}

    /** '%' would be a template for the kernel, ':' an alias for old tools. */
    static boolean isValid(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES || name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '/' || c == ':' || c == '%') {
                return false;
            }
        }
        return true;
    }
}
