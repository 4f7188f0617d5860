package dev.culvert.datapath.io;

import dev.culvert.datapath.io.syscalls.SyscallsProvider;
import dev.culvert.datapath.io.uring.IoUringProvider;
import dev.culvert.datapath.io.uring.SingleReadsProvider;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The engines that keep the contract of {@link PacketIo}. */
final class Engines {
    private Engines() {}

    static Stream<PacketIoProvider> all() {
        return Stream.of(new SyscallsProvider(), new IoUringProvider());
    }

    /** Those that differ in how they read the TUN. */
    static Stream<PacketIoProvider> forReads() {
        return Stream.concat(all(), Stream.of(new SingleReadsProvider()));
    }

    static Stream<Arguments> withAllocationPerBatch() {
        return Stream.of(
                Arguments.of(new SyscallsProvider(), 0),
                Arguments.of(new IoUringProvider(), 2 * 16));
    }
}
