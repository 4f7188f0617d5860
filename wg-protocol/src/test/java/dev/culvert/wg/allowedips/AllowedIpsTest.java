package dev.culvert.wg.allowedips;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedIpsTest {
    private final AllowedIps table = new AllowedIps();
    private final Peer a = peer(1);
    private final Peer b = peer(2);
    private final Peer c = peer(3);

    private static Peer peer(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        return new Peer(key, new PeerRequests(() -> {}), new StagedBudget(0), 0);
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Prefix prefix(String cidr) {
        String[] parts = cidr.split("/", 2);
        return Prefix.of(bytes(parts[0]), Integer.parseInt(parts[1]));
    }

    private @Nullable Peer lookup(String address) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(address));
        return bytes.remaining() == 4
                ? table.lookup4(bytes.getInt())
                : table.lookup6(bytes.getLong(), bytes.getLong());
    }

    @Test
    void theLongestPrefixWins() {
        table.insert(prefix("0.0.0.0/0"), a);
        table.insert(prefix("10.0.0.0/8"), b);
        table.insert(prefix("10.1.2.3/32"), c);
        assertSame(a, lookup("192.0.2.1"));
        assertSame(b, lookup("10.1.2.4"));
        assertSame(c, lookup("10.1.2.3"));
        table.insert(prefix("::/0"), a);
        table.insert(prefix("2001:db8::/32"), b);
        table.insert(prefix("2001:db8::1/128"), c);
        assertSame(a, lookup("fe80::1"));
        assertSame(b, lookup("2001:db8::2"));
        assertSame(c, lookup("2001:db8::1"));
    }

    @Test
    void theFamiliesDoNotMix() {
        table.insert(prefix("::/0"), a);
        assertNull(lookup("10.0.0.1"));
        table.insert(prefix("0.0.0.0/0"), b);
        assertSame(a, lookup("::a00:1"));
    }

    @Test
    void insertingAnExistingPrefixMovesIt() {
        table.insert(prefix("10.0.0.0/8"), a);
        table.insert(prefix("10.99.0.1/8"), b);
        assertSame(b, lookup("10.0.0.1"));
        assertEquals(List.of(), table.prefixes(a));
        assertEquals(List.of(prefix("10.0.0.0/8")), table.prefixes(b));
    }

    @Test
    void onlyTheOwnerRemovesAPrefix() {
        table.insert(prefix("10.0.0.0/8"), a);
        table.remove(prefix("10.0.0.0/8"), b);
        assertSame(a, lookup("10.0.0.1"));
        table.remove(prefix("10.0.0.0/9"), a);
        assertSame(a, lookup("10.0.0.1"));
        table.remove(prefix("10.0.0.0/8"), a);
        assertNull(lookup("10.0.0.1"));
        assertTrue(table.isEmpty());
    }

    @Test
    void prefixesAreListedInTheOrderOfTheirInsertion() {
        List<Prefix> inserted =
                List.of(
                        prefix("10.0.0.2/32"),
                        prefix("2001:db8::/64"),
                        prefix("10.0.0.1/32"),
                        prefix("0.0.0.0/0"));
        inserted.forEach(prefix -> table.insert(prefix, a));
        table.insert(prefix("10.0.0.2/32"), a);
        assertEquals(inserted, table.prefixes(a));
    }

    @Test
    void prefixesAreShownMasked() {
        assertEquals(prefix("10.0.0.0/8"), prefix("10.255.255.255/8"));
        assertArrayEquals(bytes("2001:db8::"), prefix("2001:db8::ffff/33").address());
        assertArrayEquals(bytes("128.0.0.0"), prefix("192.0.0.1/1").address());
    }

    @Test
    void aPrefixLengthBeyondTheAddressIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> prefix("10.0.0.0/33"));
        assertThrows(IllegalArgumentException.class, () -> prefix("::/129"));
        assertThrows(IllegalArgumentException.class, () -> Prefix.of(new byte[5], 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agreesWithAnOracleThatLooksAtEveryPrefix(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AllowedIpsOracle oracle = new AllowedIpsOracle();
        List<Peer> peers = List.of(a, b, c, peer(4), peer(5));
        for (int step = 0; step < 4000; step++) {
            Peer peer = peers.get(random.nextInt(peers.size()));
            Prefix prefix = randomPrefix(random);
            switch (random.nextInt(20)) {
                case 0 -> {
                    table.removeByPeer(peer);
                    oracle.removeByPeer(peer);
                }
                case 1, 2, 3, 4, 5 -> {
                    table.remove(prefix, peer);
                    oracle.remove(prefix, peer);
                }
                default -> {
                    table.insert(prefix, peer);
                    oracle.insert(prefix, peer);
                }
            }
            Prefix probe = randomPrefix(random);
            Peer found =
                    probe.ipv4()
                            ? table.lookup4((int) (probe.hi() >>> 32))
                            : table.lookup6(probe.hi(), probe.lo());
            assertSame(oracle.lookup(probe.ipv4(), probe.hi(), probe.lo()), found);
        }
        peers.forEach(peer -> assertEquals(oracle.prefixes(peer), table.prefixes(peer)));
        peers.forEach(table::removeByPeer);
        assertTrue(table.isEmpty());
    }

    /** From few bits, so that prefixes meet, contain one another and repeat. */
    private static Prefix randomPrefix(SplittableRandom random) {
        boolean ipv4 = random.nextBoolean();
        long hi = random.nextLong() & 0xc300_0003_0000_0001L;
        long lo = random.nextLong() & 0xc000_0000_0000_0003L;
        int[] lengths = {0, 1, 2, 7, 8, 31, 32, 33, 62, 63, 64, 65, 66, 126, 127, 128};
        int length = lengths[random.nextInt(ipv4 ? 7 : lengths.length)];
        return new Prefix(ipv4, ipv4 ? hi & -1L << 32 : hi, ipv4 ? 0 : lo, length);
    }

    /** Enough for an index, below a prefix that they share or not, and changed once it is there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 16, 20, 60, 64, 100, 112})
    void anIndexFindsWhatTheTrieFinds(int sharedBits) {
        SplittableRandom random = new SplittableRandom(sharedBits);
        boolean ipv4 = sharedBits <= 20;
        int bits = ipv4 ? 32 : 128;
        AllowedIpsOracle oracle = new AllowedIpsOracle();
        List<Peer> peers = List.of(a, b, c);
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 600; i++) {
                Prefix prefix =
                        randomPrefix(
                                random, ipv4, sharedBits, random.nextInt(sharedBits, bits + 1));
                Peer peer = peers.get(random.nextInt(3));
                if (random.nextInt(5) == 0) {
                    table.remove(prefix, peer);
                    oracle.remove(prefix, peer);
                } else {
                    table.insert(prefix, peer);
                    oracle.insert(prefix, peer);
                }
            }
            table.index();
            for (int i = 0; i < 2000; i++) {
                int same = i % 10 == 0 ? sharedBits / 2 : sharedBits;
                Prefix probe = randomPrefix(random, ipv4, same, bits);
                assertSame(
                        oracle.lookup(ipv4, probe.hi(), probe.lo()),
                        ipv4
                                ? table.lookup4((int) (probe.hi() >>> 32))
                                : table.lookup6(probe.hi(), probe.lo()));
            }
        }
    }

    /** Zero in the shared bits, and often in the others. */
    private static Prefix randomPrefix(
            SplittableRandom random, boolean ipv4, int sharedBits, int length) {
        long mask = random.nextLong();
        long hi = random.nextLong() & mask & ~Bits.maskHi(sharedBits);
        long lo = random.nextLong() & mask & ~Bits.maskLo(sharedBits);
        return new Prefix(ipv4, ipv4 ? hi & -1L << 32 : hi, ipv4 ? 0 : lo, length);
    }

    @Test
    void readersAlwaysFindAnOwnerWhilePrefixesComeAndGo() throws InterruptedException {
        table.insert(prefix("10.0.0.0/8"), a);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong misses = new AtomicLong();
        AtomicLong lookups = new AtomicLong();
        Thread reader =
                new Thread(() -> {
                    SplittableRandom random = new SplittableRandom(1);
                    while (!stop.get()) {
                        int address = 0x0a00_0000 | random.nextInt(1 << 12);
                        if (table.lookup4(address) == null) {
                            misses.incrementAndGet();
                        }
                        lookups.incrementAndGet();
                    }
                });
        reader.start();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 200_000; i++) {
            Prefix prefix =
                    new Prefix(
                            true,
                            (long) (0x0a00_0000 | random.nextInt(1 << 12)) << 32,
                            0,
                            random.nextInt(9, 33));
            if (random.nextBoolean()) {
                table.insert(prefix, b);
            } else {
                table.remove(prefix, b);
            }
            if (i % 100 == 0) {
                table.index();
            }
        }
        stop.set(true);
        reader.join();
        assertEquals(0, misses.get(), "of " + lookups.get() + " lookups");
    }

    @Test
    void oneHundredAndThirtyThousandPrefixesGoInAndOutQuickly() {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 130_560; i++) {
            prefixes.add(new Prefix(false, 0x2001_0db8L << 32 | i, (long) i << 40, 128));
        }
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long beginNs = clock.getCurrentThreadCpuTime();
        prefixes.forEach(prefix -> table.insert(prefix, a));
        assertEquals(130_560, table.prefixes(a).size());
        table.removeByPeer(a);
        long ms = (clock.getCurrentThreadCpuTime() - beginNs) / 1_000_000;
        assertTrue(table.isEmpty());
        assertTrue(ms < 2000, ms + " ms of CPU");
    }
}
