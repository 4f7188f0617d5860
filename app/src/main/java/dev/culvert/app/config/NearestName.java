package dev.culvert.app.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a mistyped name was meant to be. */
public final class NearestName {
    private NearestName() {}

    /** The candidate within about a third of the name's length in edits; null: none is near. */
    static @Nullable String of(String name, Iterable<String> candidates) {
        return of(name, candidates, Math.max(1, (name.length() + 1) / 3));
    }

    /** The candidate within so many edits; null: none is near. */
    public static @Nullable String of(String name, Iterable<String> candidates, int mostEdits) {
        String nearest = null;
        int fewest = mostEdits + 1;
        for (String candidate : candidates) {
            int edits = edits(fold(name), fold(candidate));
            if (edits < fewest) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** People write {@code Allowed_IPs} and {@code allowed-ips}, too. */
    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_ -]", "");
    }

    /** Insertions, deletions, substitutions, and swaps of neighbours. */
    private static int edits(String a, String b) {
        int[][] least = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int edits = least[i - 1][j - 1] + (same ? 0 : 1);
                edits = Math.min(edits, Math.min(least[i - 1][j], least[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits = Math.min(edits, least[i - 2][j - 2] + 1);
                }
                least[i][j] = edits;
            }
        }
        return least[a.length()][b.length()];
    }
}
