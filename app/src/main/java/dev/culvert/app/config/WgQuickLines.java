package dev.culvert.app.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first pass over a wg-quick file: sections and keys. */
final class WgQuickLines {
    private final byte[] file;
    private final Problems problems;
    private final List<WgQuickSection> sections = new ArrayList<>();
    private @Nullable WgQuickSection current;

    /** An unknown section was reported, its keys need not be. */
    private boolean skipping;

    private WgQuickLines(byte[] file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Lines end with LF or CRLF; '#' starts a comment; a UTF-8 byte order mark is skipped. */
    static List<WgQuickSection> parse(byte[] file, Problems problems) {
        WgQuickLines lines = new WgQuickLines(file, problems);
        int at = file.length >= 3 && file[0] == (byte) 0xef && file[1] == (byte) 0xbb ? 3 : 0;
        for (int number = 1; at < file.length; number++) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            lines.line(number, at, end);
            at = end + 1;
        }
        return lines.sections;
    }

    private void line(int number, int start, int lineEnd) {
        int comment = indexOf((byte) '#', start, lineEnd);
        int end = trimEnd(start, comment < 0 ? lineEnd : comment);
        int from = trimStart(start, end);
        if (from == end) {
            return;
        }
        if (indexOf((byte) 0, from, end) >= 0) {
            problems.add(number, "", "has a zero byte: this is not a text file");
        } else if (file[from] == '[') {
            header(number, text(from, end));
        } else if (!skipping) {
            entry(number, from, end);
        }
    }

    private void header(int number, String text) {
        skipping = false;
        for (WgQuickKey.Section kind : WgQuickKey.Section.values()) {
            if (kind.header.equalsIgnoreCase(text)) {
                current = new WgQuickSection(kind, number);
                sections.add(current);
                return;
            }
        }
        skipping = true;
        problems.add(
                number,
                "",
                Quoted.of(text) + " is not a section: there are [Interface] and [Peer]");
    }

    private void entry(int number, int from, int end) {
        int equals = indexOf((byte) '=', from, end);
        String name = text(from, trimEnd(from, equals < 0 ? end : equals));
        WgQuickKey key = WgQuickKey.of(equals < 0 ? firstWord(name) : name);
        int valueStart = equals < 0 ? end : trimStart(equals + 1, end);
        if (key == null) {
            unknown(number, name, equals >= 0);
            return;
        }
        if (current != null) {
            current.mentioned().add(key);
        }
        if (current == null) {
            problems.add(
                    number,
                    key.label,
                    "stands before any section: write " + key.section.header + " above it");
        } else if (current.kind() != key.section) {
            problems.add(
                    number,
                    key.label,
                    "belongs to " + key.section.header + ", not to " + current.kind().header);
        } else if (equals < 0) {
            problems.add(number, key.label, "has no '='; for example " + key.example());
        } else if (valueStart == end && key != WgQuickKey.ALLOWED_IPS) {
            problems.add(number, key.label, "has no value; for example " + key.example());
        } else {
            current.entries().add(new WgQuickEntry(number, key, file, valueStart, end));
        }
    }

    /**
     * A name that is like none is not shown: half a key, on a line of its own by mistake, would
     * look the same.
     */
    private void unknown(int number, String name, boolean hasValue) {
        String nearest = NearestName.of(name, WgQuickKey.labels());
        WgQuickKey meant = nearest == null ? null : WgQuickKey.of(nearest);
        if (meant != null) {
            if (current != null) {
                current.mentioned().add(meant);
            }
            problems.add(
                    number,
                    "",
                    Quoted.of(name) + " is not a key; did you mean \"" + meant.label + "\"?");
        } else if (hasValue) {
            problems.add(
                    number,
                    "",
                    "is an unknown key; there are " + String.join(", ", WgQuickKey.labels()));
        } else {
            problems.add(
                    number, "", "is neither a section, nor a key with '=', nor a comment with '#'");
        }
    }

    private static String firstWord(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    private String text(int start, int end) {
        return new String(file, start, end - start, StandardCharsets.UTF_8);
    }

    private int indexOf(byte wanted, int start, int end) {
        for (int i = start; i < end; i++) {
            if (file[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private int trimStart(int start, int end) {
        int i = start;
        while (i < end && isBlank(file[i])) {
            i++;
        }
        return i;
    }

    private int trimEnd(int start, int end) {
        int i = end;
        while (i > start && isBlank(file[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }
}
