package dev.culvert.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("netns")
class TunDeviceTest {
    private static final TunOffload ON = new TunOffload(true, true);
    private static final TunOffload OFF = new TunOffload(false, false);

    private NetworkNamespace namespace;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create("tun");
    }

    @AfterEach
    void close() {
        namespace.close();
    }

    private TunDevice open(String name, TunOffload offload) throws Exception {
        return namespace.callInside(() -> TunDevice.open(name, TunDevice.DEFAULT_MTU, offload));
    }

    private JsonNode link(String name) throws Exception {
        return new JsonMapper()
                .readTree(namespace.run("ip", "-j", "-d", "link", "show", name))
                .get(0);
    }

    @Nested
    class Opened {
        @Test
        void hasItsNameMtuAndBoundedSuperPackets() throws Exception {
            try (TunDevice device = open("wg0", ON)) {
                assertEquals("wg0", device.name());
                assertEquals(1420, device.mtu());
                assertTrue(device.vnetHeader());
                assertTrue(device.tcpSegmentation());
                assertEquals(kernelIsAtLeast(6, 2), device.udpSegmentation());
                JsonNode link = link("wg0");
                assertEquals(device.linkIndex(), link.get("ifindex").asInt());
                assertEquals(1420, link.get("mtu").asInt());
                assertEquals(61440, link.get("gso_max_size").asInt());
                JsonNode data = link.get("linkinfo").get("info_data");
                assertEquals("tun", data.get("type").asText());
                assertTrue(data.get("vnet_hdr").asBoolean());
                assertFalse(data.get("pi").asBoolean());
            }
            assertEquals(1, namespace.exec("ip", "link", "show", "wg0").exitCode());
        }

        @Test
        void hasNoVirtioHeaderWhenOffloadsAreOff() throws Exception {
            try (TunDevice device = open("wg0", OFF)) {
                assertFalse(device.vnetHeader());
                assertFalse(device.tcpSegmentation());
                assertFalse(device.udpSegmentation());
                assertFalse(
                        link("wg0").get("linkinfo").get("info_data").get("vnet_hdr").asBoolean());
            }
        }

        @Test
        void letsTheKernelChooseANumber() throws Exception {
            try (TunDevice first = open("wg%d", ON);
                    TunDevice second = open("wg%d", ON)) {
                assertEquals("wg0", first.name());
                assertEquals("wg1", second.name());
            }
        }

        @Test
        void readsAPacketBehindAVirtioHeaderAndNeverBlocks() throws Exception {
            try (TunDevice device = open("wg0", ON);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment buf = arena.allocate(65536 + 10);
                assertEquals(-Errno.EAGAIN, Libc.read(device.fd(), buf, 0, buf.byteSize()));
                namespace.sysctl("net.ipv6.conf.wg0.disable_ipv6", "1");
                namespace.run("ip", "address", "add", "10.1.2.3/24", "dev", "wg0");
                namespace.run("ip", "link", "set", "wg0", "up");
                namespace.exec("ping", "-c1", "-W1", "-s", "56", "10.1.2.4");
                assertEquals(10 + 84, Libc.read(device.fd(), buf, 0, buf.byteSize()));
                assertEquals(0x45, buf.get(ValueLayout.JAVA_BYTE, 10));
            }
        }

        @Test
        void handsOverTcpSuperPackets() throws Exception {
            int largest = largestRead(ON);
            assertTrue(largest > 30_000 && largest <= 61_440, "bytes: " + largest);
            assertTrue(largestRead(OFF) <= TunDevice.DEFAULT_MTU);
        }

        /** The kernel sends into a connection whose peer we play just as far as the handshake. */
        private int largestRead(TunOffload offload) throws Exception {
            try (TunDevice device = open("wg0", offload)) {
                return namespace.callInside(() -> TcpPeer.largestReadOfOneWrite(device, namespace));
            }
        }

        @Test
        void isSharedByItsMakerWithWhoHasNoCapabilities() {
            namespace.run("ip", "tuntap", "add", "wg0", "mode", "tun", "vnet_hdr");
            namespace.run("ip", "link", "set", "wg0", "mtu", "1399");
            assertEquals(
                    "opened wg0 with MTU 1399",
                    TunOpener.says(
                            namespace, "setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
        }

        @Test
        void leavesNoDescriptorBehind() throws Exception {
            namespace.runInside(() -> {
                TunDevice.open("wg0", 1420, ON).close();
                long before = openDescriptors();
                for (int i = 0; i < 200; i++) {
                    TunDevice.open("wg0", 1420, i % 2 == 0 ? ON : OFF).close();
                    assertThrows(TunException.class, () -> TunDevice.open("lo", 1420, ON));
                }
                assertEquals(before, openDescriptors());
            });
        }

        private static boolean kernelIsAtLeast(int major, int minor) throws Exception {
            String[] release =
                    Files.readString(Path.of("/proc/sys/kernel/osrelease")).split("[^0-9]", 3);
            int theirMajor = Integer.parseInt(release[0]);
            return theirMajor > major
                    || (theirMajor == major && Integer.parseInt(release[1]) >= minor);
        }

        private static long openDescriptors() throws Exception {
            try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
                return fds.count();
            }
        }
    }

    @Nested
    class Adopted {
        @Test
        void keepsNameAndHeaderOfItsMaker() throws Exception {
            try (TunDevice made = open("wg7", ON)) {
                TunDevice adopted =
                        namespace.callInside(() -> TunDevice.adopt(Libc.dup(made.fd()), 1300, ON));
                assertEquals("wg7", adopted.name());
                assertEquals(made.linkIndex(), adopted.linkIndex());
                assertTrue(adopted.vnetHeader());
                assertTrue(adopted.tcpSegmentation());
                assertEquals(1300, link("wg7").get("mtu").asInt());
                adopted.close();
            }
        }

        @Test
        void keepsTheHeaderWithoutOffloadsWhenTheyAreOff() throws Exception {
            try (TunDevice made = open("wg7", ON);
                    TunDevice adopted =
                            namespace.callInside(
                                    () -> TunDevice.adopt(Libc.dup(made.fd()), 1420, OFF))) {
                assertTrue(adopted.vnetHeader());
                assertFalse(adopted.tcpSegmentation());
            }
        }

        @Test
        void isFoundInTheNamespaceItWasMovedTo() throws Exception {
            try (NetworkNamespace other = NetworkNamespace.create("tun");
                    TunDevice made = open("wg7", ON)) {
                namespace.run("ip", "link", "set", "wg7", "mtu", "1234");
                namespace.run("ip", "link", "set", "wg7", "netns", other.name());
                TunDevice adopted =
                        namespace.callInside(() -> TunDevice.adopt(Libc.dup(made.fd()), 1420, ON));
                assertEquals("wg7", adopted.name());
                assertEquals(1234, adopted.mtu());
                adopted.close();
            }
        }

        @Test
        void isNoOtherKindOfDescriptor() {
            int pipe = Libc.eventfd(0, Libc.EFD_CLOEXEC);
            assertEquals(
                    "descriptor " + pipe + " is no TUN device",
                    assertThrows(TunException.class, () -> TunDevice.adopt(pipe, 1420, ON))
                            .getMessage());
            Libc.close(pipe);
            assertEquals(
                    "descriptor 4000 is not open",
                    assertThrows(TunException.class, () -> TunDevice.adopt(4000, 1420, ON))
                            .getMessage());
            int unattached = Libc.open("/dev/net/tun", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
            assertEquals(
                    "descriptor " + unattached + " is not attached to a TUN device (TUNSETIFF)",
                    assertThrows(TunException.class, () -> TunDevice.adopt(unattached, 1420, ON))
                            .getMessage());
            Libc.close(unattached);
        }
    }

    @Nested
    class Refused {
        private String refusal(String name, int mtu) {
            TunException refused =
                    assertThrows(
                            TunException.class,
                            () -> namespace.callInside(() -> TunDevice.open(name, mtu, ON)));
            return String.valueOf(refused.getMessage());
        }

        @Test
        void becauseAnotherProcessHasItOpen() throws Exception {
            try (TunDevice device = open("wg0", ON)) {
                assertEquals(
                        "wg0 is in use: another process has this TUN device open",
                        refusal(device.name(), 1420));
            }
        }

        @Test
        void becauseALinkOfAnotherKindHasTheName() {
            namespace.run("ip", "link", "add", "wg0", "type", "veth", "peer", "name", "other");
            assertEquals(
                    "wg0 is in use: a network link of that name exists and is no TUN device",
                    refusal("wg0", 1420));
        }

        @Test
        void becauseATapOfThatNameExists() {
            namespace.run("ip", "tuntap", "add", "wg0", "mode", "tap");
            assertEquals(
                    "wg0 is in use: a TUN or TAP device of that name was made with other options"
                            + " (ip link delete wg0)",
                    refusal("wg0", 1420));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ".",
                    "..",
                    "a/b",
                    "a b",
                    "a:b",
                    "sixteen-bytes-xx",
                    "wg%d%d",
                    "wg%s",
                    "a\nb"
                })
        void becauseTheNameIsInvalid(String name) {
            String refusal = refusal(name, 1420);
            assertTrue(refusal.contains("is no name for a network link"), refusal);
            assertEquals(1, refusal.lines().count());
        }

        @Test
        void becauseTheMtuIsOutOfRange() {
            assertEquals(
                    "wg0 does not take an MTU of 67",
                    refusal("wg0", 67).substring(0, "wg0 does not take an MTU of 67".length()));
            assertEquals(1, namespace.exec("ip", "link", "show", "wg0").exitCode());
        }

        @Test
        void withoutTheCapability() {
            assertEquals(
                    "no permission to create TUN device wg0: CAP_NET_ADMIN is needed (run as root, or --cap-add NET_ADMIN)",
                    TunOpener.says(
                            namespace,
                            "setpriv",
                            "--bounding-set",
                            "-net_admin",
                            "--inh-caps",
                            "-net_admin"));
        }

        @Test
        void withoutAPlaceForTheNativeLibraryOfJna() {
            String refusal =
                    TunOpener.says(namespace, "env", "JDK_JAVA_OPTIONS=-Djna.tmpdir=/proc/none");
            assertTrue(refusal.contains("JNA cannot load its native library"), refusal);
        }

        @Test
        void withoutTheDeviceNode() {
            assertEquals(
                    "/dev/net/tun is missing: load the tun module, or give the container the device (--device /dev/net/tun)",
                    TunOpener.says(
                            namespace,
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "mount -t tmpfs none /dev/net && exec \"$@\"",
                            "sh"));
        }

        @Test
        void withoutAccessToTheDeviceNode() {
            assertEquals(
                    "/dev/net/tun may not be opened: run as root, open it to all users on the host (chmod 666 /dev/net/tun), or give the container the device (--device /dev/net/tun)",
                    TunOpener.says(
                            namespace,
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "mount -t tmpfs -o nodev none /dev/net && mknod /dev/net/tun c 10 200 && exec \"$@\"",
                            "sh"));
        }
    }

    @Test
    void pollSeesTheDeletionOfTheDevice() throws Exception {
        try (TunDevice device = open("wg0", ON);
                Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(PollFd.SIZE_BYTES, 8);
            PollFd.set(pollfd, 0, 0, device.fd(), PollFd.POLLIN);
            assertEquals(0, Libc.poll(pollfd, 0, 1, 0));
            namespace.run("ip", "link", "delete", "wg0");
            assertEquals(1, Libc.poll(pollfd, 0, 1, 1000));
            assertTrue((PollFd.returnedEvents(pollfd, 0, 0) & PollFd.POLLERR) != 0);
            MemorySegment buf = arena.allocate(2000);
            assertEquals(-Errno.EBADFD, Libc.read(device.fd(), buf, 0, 2000));
        }
    }
}
