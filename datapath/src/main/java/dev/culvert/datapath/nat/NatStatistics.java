package dev.culvert.datapath.nat;

/**
 * What a table holds, port forwards included; what has expired counts until it is found.
 *
 * @param tcp mappings, of both IP versions
 * @param udp mappings
 * @param icmp mappings
 * @param sessions pairs of a mapping and an address it sent to
 * @param limits how many there may be
 * @param sizeBytes of memory
 * @param translatedOut packets and super-packets that left with the tunnel's address
 * @param translatedIn packets that were given to a client
 */
public record NatStatistics(
        int tcp,
        int udp,
        int icmp,
        int sessions,
        NatLimits limits,
        long sizeBytes,
        long translatedOut,
        long translatedIn) {
    static NatStatistics of(
            int[] countBySpace,
            int sessions,
            NatLimits limits,
            long sizeBytes,
            long translatedOut,
            long translatedIn) {
        int tcp = 0;
        int udp = 0;
        int icmp = 0;
        for (int space = 0; space < countBySpace.length; space++) {
            tcp += Space.isTcp(space) ? countBySpace[space] : 0;
            udp += Space.isUdp(space) ? countBySpace[space] : 0;
            icmp += Space.isIcmp(space) ? countBySpace[space] : 0;
        }
        return new NatStatistics(
                tcp, udp, icmp, sessions, limits, sizeBytes, translatedOut, translatedIn);
    }
}
