package dev.culvert.datapath.udp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class KernelReleaseTest {
    @Test
    void comparesReleases() {
        assertTrue(KernelRelease.atLeast("5.12.0", 5, 12));
        assertTrue(KernelRelease.atLeast("6.1.0-31-amd64", 5, 12));
        assertTrue(KernelRelease.atLeast("5.100.1", 5, 12));
        assertFalse(KernelRelease.atLeast("5.10.0-8-amd64", 5, 12));
        assertFalse(KernelRelease.atLeast("4.19.0", 5, 12));
        assertFalse(KernelRelease.atLeast("unknown", 5, 12));
        assertFalse(KernelRelease.atLeast("6-next.18", 5, 0));
        assertTrue(KernelRelease.atLeast(3, 0), "of the kernel that runs this");
    }
}
