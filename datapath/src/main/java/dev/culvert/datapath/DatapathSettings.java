package dev.culvert.datapath;

import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;

/**
 * What of a data path can be chosen.
 *
 * @param io the I/O engine: "auto", "io_uring" or "syscalls" ({@code CULVERT_IO})
 * @param tunGro whether packets are coalesced for the TUN ({@code CULVERT_TUN_GRO}), where it takes
 *     super-packets
 * @param udpOffload off-switches of the UDP side ({@code CULVERT_UDP_GSO}, {@code CULVERT_UDP_GRO})
 * @param addresses what the UDP sockets are bound to
 */
public record DatapathSettings(
        String io, boolean tunGro, UdpOffload udpOffload, UdpAddresses addresses) {
    /** Everything on, the engine chosen by what runs here. */
    public static DatapathSettings defaults() {
        return new DatapathSettings("auto", true, new UdpOffload(true, true), UdpAddresses.ANY);
    }
}
