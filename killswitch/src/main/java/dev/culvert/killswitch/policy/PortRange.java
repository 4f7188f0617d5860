package dev.culvert.killswitch.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports {@code first} to {@code last}, both included. */
public record PortRange(int first, int last) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    /**
     * @throws IllegalArgumentException if they are no ports, or the wrong way round
     */
    public PortRange {
        if (first < 1 || last > 0xffff || first > last) {
            throw new IllegalArgumentException(
                    "ports " + first + "-" + last + " are not an ascending range within 1-65535");
        }
    }

    /**
     * {@code 8080} or {@code 6881-6889}.
     *
     * @throws IllegalArgumentException with one line that quotes the text
     */
    public static PortRange parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a port like 8080 or a range like 6881-6889");
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(2);
        return new PortRange(first, last == null ? first : Integer.parseInt(last));
    }

    /** As nftables wants it. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
