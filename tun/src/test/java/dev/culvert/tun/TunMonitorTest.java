package dev.culvert.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class TunMonitorTest {
    private final RecordingListener listener = new RecordingListener();
    private NetworkNamespace home;
    private TunDevice device;
    private TunMonitor monitor;

    @BeforeEach
    void start() throws Exception {
        home = NetworkNamespace.create("tun");
        device = home.callInside(() -> TunDevice.open("wg0", 1420, new TunOffload(true, true)));
        monitor = home.callInside(() -> TunMonitor.start(device, listener));
    }

    @AfterEach
    void stop() {
        monitor.close();
        device.close();
        home.close();
    }

    private void assertTellsOfUpDownAndMtu(NetworkNamespace where) throws Exception {
        where.run("ip", "link", "set", "wg0", "up");
        assertEquals("up", listener.next());
        where.run("ip", "link", "set", "wg0", "mtu", "1280");
        assertEquals("mtu 1280", listener.next());
        assertEquals(1280, device.mtu());
        where.run("ip", "link", "set", "wg0", "down");
        assertEquals("down", listener.next());
    }

    @Nested
    class At_home {
        @Test
        void tellsOfUpDownAndMtu() throws Exception {
            assertTellsOfUpDownAndMtu(home);
        }

        @Test
        void missesNoFlap() throws Exception {
            home.run("ip", "link", "set", "wg0", "up");
            assertEquals("up", listener.next());
            home.run("sh", "-c", "printf 'link set wg0 down\\nlink set wg0 up\\n' | ip -batch -");
            assertEquals("down", listener.next());
            assertEquals("up", listener.next());
        }

        @Test
        void tellsOfALinkThatWasUpAtTheStart() throws Exception {
            home.run("ip", "link", "set", "wg0", "up");
            RecordingListener later = new RecordingListener();
            TunMonitor second = home.callInside(() -> TunMonitor.start(device, later));
            assertEquals("up", later.next());
            second.close();
        }

        @Test
        void tellsOfDeletionAtOnce() throws Exception {
            home.run("ip", "link", "delete", "wg0");
            // Starting ip may take as long as it likes.
            long startNs = System.nanoTime();
            assertEquals("deleted", listener.next());
            assertTrue(System.nanoTime() - startNs < 900_000_000L);
        }

        @Test
        void followsARename() throws Exception {
            home.run("ip", "link", "set", "wg0", "name", "wg9");
            home.run("ip", "link", "set", "wg9", "mtu", "1300", "up");
            assertEquals("mtu 1300", listener.next());
            assertEquals("up", listener.next());
        }

        @Test
        void tellsOfAddressesAndRoutes() throws Exception {
            home.run("ip", "link", "add", "left", "type", "veth", "peer", "name", "right");
            home.run("ip", "link", "set", "right", "up");
            home.run("ip", "link", "set", "left", "up");
            Thread.sleep(100);
            listener.forget();
            home.run("ip", "address", "add", "10.3.3.3/24", "dev", "left");
            listener.awaitRoutesChanged();
            Thread.sleep(50);
            listener.forget();
            home.run("ip", "route", "add", "10.4.4.0/24", "via", "10.3.3.1");
            listener.awaitRoutesChanged();
            Thread.sleep(50);
            listener.forget();
            home.run("ip", "-6", "route", "add", "unreachable", "2001:db8::/32");
            listener.awaitRoutesChanged();
        }

        @Test
        void isSilentAboutOtherLinks() throws Exception {
            home.run("ip", "link", "add", "left", "type", "veth", "peer", "name", "right");
            home.run("ip", "link", "set", "left", "up", "mtu", "1300");
            home.run("ip", "link", "delete", "left");
            Thread.sleep(100);
            assertTrue(listener.hasNone());
        }
    }

    @Nested
    class Moved {
        private NetworkNamespace away;

        @BeforeEach
        void move() {
            away = NetworkNamespace.create("tun");
            home.run("ip", "link", "set", "wg0", "netns", away.name());
        }

        @AfterEach
        void remove() {
            away.close();
        }

        @Test
        void tellsOfUpDownAndMtu() throws Exception {
            assertTellsOfUpDownAndMtu(away);
        }

        @Test
        void tellsOfDeletion() throws Exception {
            away.run("ip", "link", "delete", "wg0");
            assertEquals("deleted", listener.next());
        }

        @Test
        void tellsOfTheDeletionOfTheNamespace() throws Exception {
            away.run("ip", "link", "set", "wg0", "up");
            assertEquals("up", listener.next());
            away.close();
            assertFalse(Files.exists(away.path()));
            assertEquals("deleted", listener.next());
        }

        @Test
        void followsOverAThirdNamespaceAndBackHome() throws Exception {
            try (NetworkNamespace third = NetworkNamespace.create("tun")) {
                away.run("ip", "link", "set", "wg0", "netns", third.name());
                third.run("ip", "link", "set", "wg0", "mtu", "1290", "up");
                assertEquals("mtu 1290", listener.next());
                assertEquals("up", listener.next());
                third.run("ip", "link", "set", "wg0", "netns", home.name());
                // A move takes the link down.
                assertEquals("down", listener.next());
                home.run("ip", "link", "set", "wg0", "up");
                assertEquals("up", listener.next());
                NetworkNamespace.await(Duration.ofSeconds(1), listener::hasNone, () -> "more news");
            }
        }

        @Test
        void isFollowedWithoutAnyCapabilityButNetAdmin() {
            try (NetworkNamespace container = NetworkNamespace.create("tun");
                    RunningProcess process = TunOpener.followWithNetAdminAlone(container)) {
                Duration patience = Duration.ofSeconds(10);
                process.awaitOutput("opened wg0 ", patience);
                String name = "wg" + container.name().replaceAll(".*-", "x");
                container.run("ip", "link", "set", "wg0", "name", name);
                container.run("ip", "link", "set", name, "netns", away.name());
                away.run("ip", "link", "set", name, "up");
                process.awaitOutput("up\n", patience);
                away.run("ip", "link", "set", name, "mtu", "1280");
                process.awaitOutput("mtu 1280\n", patience);
                away.run("ip", "link", "delete", name);
                process.awaitOutput("deleted\n", patience);
            }
        }

        @Test
        void isNotTakenForAnotherLinkOfTheSameNameAtHome() throws Exception {
            home.run("ip", "link", "add", "wg0", "type", "veth", "peer", "name", "other");
            home.run("ip", "link", "set", "wg0", "mtu", "1234", "up");
            away.run("ip", "link", "set", "wg0", "mtu", "1299");
            assertEquals("mtu 1299", listener.next());
        }
    }
}
