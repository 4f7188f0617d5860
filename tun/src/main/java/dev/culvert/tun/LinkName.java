package dev.culvert.tun;

import java.nio.charset.StandardCharsets;

/** What the kernel takes as a name of a link. */
final class LinkName {
    private static final int MAX_BYTES = 15;

    private LinkName() {}

    /** At most one {@code %d} stands for a number that the kernel chooses. */
    static void check(String name) throws TunException {
        String without = name.replaceFirst("%d", "");
        boolean valid =
                !name.isEmpty()
                        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                        && !name.equals(".")
                        && !name.equals("..")
                        && without.indexOf('%') < 0
                        && !hasForbidden(without);
        if (!valid) {
            throw new TunException(
                    "\""
                            + printable(name)
                            + "\" is no name for a network link: it takes 1 to 15 bytes, without '/', ':' and white space");
        }
    }

    private static boolean hasForbidden(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '/' || c == ':') {
                return true;
            }
        }
        return false;
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
