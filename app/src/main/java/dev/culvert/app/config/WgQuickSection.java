package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An {@code [Interface]} or a {@code [Peer]} with its lines.
 *
 * @param mentioned every key that stands there, also those whose line is wrong and was reported
 */
record WgQuickSection(
        WgQuickKey.Section kind, int line, List<WgQuickEntry> entries, Set<WgQuickKey> mentioned) {
    WgQuickSection(WgQuickKey.Section kind, int line) {
        this(kind, line, new ArrayList<>(), EnumSet.noneOf(WgQuickKey.class));
    }
}
