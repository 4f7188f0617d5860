package dev.culvert.datapath;

import dev.culvert.wg.packet.DropReason;
import java.util.Map;

/**
 * What a data path has done so far, summed over its threads, a moment late.
 *
 * @param ioEngine "io_uring" or "syscalls"
 * @param aead name of the provider of the transport keys
 * @param udpSegmentation whether sends use UDP_SEGMENT at the moment, on all bound sockets
 * @param udpSegmentationRefusals how often the kernel refused UDP_SEGMENT
 * @param tunVnetHeader whether super-packets pass the TUN at all
 * @param tunCoalescing whether super-packets are written to the TUN at the moment
 * @param tunPacketsWritten packets written, super-packets counted by what is in them
 * @param tunSuperPacketsWritten super-packets written
 * @param tunPacketsLost packets that the TUN refused
 * @param tunSuperPacketsRefused super-packets that the TUN refused and that were written in parts
 * @param unreachableAnswers ICMP errors written back to the TUN
 * @param handshakesWaiting handshake messages that wait for the home thread
 * @param stagedBytes packets that wait for a session, for all peers together
 * @param drops packets not passed on, by reason; reasons that never occurred are left out
 */
public record DatapathStatistics(
        String ioEngine,
        String aead,
        boolean udpSegmentation,
        long udpSegmentationRefusals,
        boolean tunVnetHeader,
        boolean tunCoalescing,
        long tunPacketsWritten,
        long tunSuperPacketsWritten,
        long tunPacketsLost,
        long tunSuperPacketsRefused,
        long unreachableAnswers,
        int handshakesWaiting,
        long stagedBytes,
        Map<DropReason, Long> drops) {

    /** Packets dropped for that reason. */
    public long dropped(DropReason reason) {
        return drops.getOrDefault(reason, 0L);
    }
}
