package dev.culvert.app.routing;

import dev.culvert.app.config.TunnelConfig;

/** The mark of encrypted packets: by it the kill switch and the policy rules know them. */
public final class Mark {
    private Mark() {}

    /** As configured; there has to be one. */
    public static int of(TunnelConfig config) {
        int mark = (int) config.local().fwmark().orElse(0);
        return mark == 0 ? RoutePlanner.DEFAULT_MARK : mark;
    }
}
