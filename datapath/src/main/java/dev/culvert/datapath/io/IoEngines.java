package dev.culvert.datapath.io;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice of the I/O engine by {@code CULVERT_IO}. */
public final class IoEngines {
    private static final Logger LOG = LoggerFactory.getLogger(IoEngines.class);

    private IoEngines() {}

    /**
     * The engine of that name, or with "auto" the first of {@code preferred} that runs here. The
     * choice is logged, with the reason for each engine that was passed over.
     *
     * @param choice "auto" or the name of a provider
     * @param preferred all engines, best first
     * @throws IllegalArgumentException in one line, when there is no such engine or it cannot run
     *     here
     */
    public static PacketIoProvider select(String choice, List<PacketIoProvider> preferred) {
        StringBuilder reasons = new StringBuilder();
        for (PacketIoProvider provider : preferred) {
            if (!choice.equals("auto") && !choice.equals(provider.name())) {
                continue;
            }
            String reason = provider.unavailableBecause();
            if (reason == null) {
                LOG.debug("I/O engine: {}{}", provider.name(), reasons);
                return provider;
            }
            reasons.append("; ").append(provider.name()).append(": ").append(reason);
        }
        if (reasons.isEmpty()) {
            String names =
                    String.join(", ", preferred.stream().map(PacketIoProvider::name).toList());
            throw new IllegalArgumentException(
                    "CULVERT_IO=" + choice + ": no such I/O engine (auto, " + names + ")");
        }
        throw new IllegalArgumentException(
                "CULVERT_IO=" + choice + " cannot be used here" + reasons);
    }
}
