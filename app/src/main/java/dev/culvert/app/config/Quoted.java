package dev.culvert.app.config;

/** A value for a message: bounded, printable, and not if it might be a key in the wrong place. */
public final class Quoted {
    private static final int MAX_CHARS = 60;
    private static final int MIN_SECRET_CHARS = 32;

    private Quoted() {}

    /** In quotes. */
    public static String of(String value) {
        if (looksSecret(value)) {
            return "(not shown, it looks like a key)";
        }
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < value.length() && i < MAX_CHARS; i++) {
            char c = value.charAt(i);
            shown.append(c < ' ' || c >= 0x7f ? '?' : c);
        }
        return shown.append(value.length() > MAX_CHARS ? "...\"" : "\"").toString();
    }

    /** A long run of the characters of base64 or hex. */
    private static boolean looksSecret(String value) {
        int run = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean base64 =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '+'
                            || c == '/';
            run = base64 ? run + 1 : 0;
            if (run >= MIN_SECRET_CHARS) {
                return true;
            }
        }
        return false;
    }
}
