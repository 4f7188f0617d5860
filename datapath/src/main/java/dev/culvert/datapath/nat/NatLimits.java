package dev.culvert.datapath.nat;

/**
 * Bounds of a table.
 *
 * @param mappings at most
 * @param sessions at most: pairs of a mapping and an address that it sent to
 * @param mappingsPerSource of one inside address at most
 * @param sessionsPerSource of one inside address at most
 * @param ownMappings of the tunnel's own address at most
 * @param ownSessions of the tunnel's own address at most
 */
public record NatLimits(
        int mappings,
        int sessions,
        int mappingsPerSource,
        int sessionsPerSource,
        int ownMappings,
        int ownSessions) {
    private static final int MAPPINGS = 131_072;
    private static final int SESSIONS = 262_144;

    /** An inside address gets an eighth of the ports. */
    public static final NatLimits DEFAULT =
            new NatLimits(
                    MAPPINGS,
                    SESSIONS,
                    PortSpace.PORTS / 8,
                    SESSIONS / 8,
                    MAPPINGS / 2,
                    SESSIONS / 2);
}
