package dev.culvert.wg.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.peer.Peer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class IndexTableTest {
    private final IndexTable table = new IndexTable();
    private final Keypair keypair =
            TestSession.create(AeadProviders.select(AeadProviders.AUTO), 1, 0).initiator();
    private final Peer peer = keypair.peer();

    /** Always gives the indices of a list, in turn. */
    private static RandomGenerator indices(Integer... indices) {
        var left = List.of(indices).iterator();
        return new RandomGenerator() {
            @Override
            public int nextInt() {
                return left.next();
            }

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void anIndexInUseIsNotGivenOutAgain() {
        assertEquals(5, table.reserve(peer, indices(5)));
        assertEquals(6, table.reserve(peer, indices(5, 5, 6)));
        table.remove(5);
        assertEquals(5, table.reserve(peer, indices(5)));
    }

    @Test
    void anIndexLeadsToItsPeerAtOnceAndToAKeypairWhenThereIsOne() {
        table.reserve(peer, indices(0x11111111));
        assertSame(peer, table.peer(0x11111111));
        assertNull(table.lookup(0x11111111));
        table.publish(keypair);
        assertSame(keypair, table.lookup(0x11111111));
        table.remove(0x11111111);
        assertNull(table.lookup(0x11111111));
        assertNull(table.peer(0x11111111));
    }

    @Test
    void zeroIsAnIndexLikeAnyOther() {
        assertNull(table.peer(0));
        table.reserve(peer, indices(1));
        table.remove(1);
        assertNull(table.peer(0));
        table.reserve(peer, indices(0));
        assertNotNull(table.peer(0));
    }

    @Test
    void aKeypairWithoutAReservedIndexIsABug() {
        assertThrows(IllegalStateException.class, () -> table.publish(keypair));
    }

    @Test
    void agreesWithAMapThroughManyChanges() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Integer, Peer> map = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            if (map.size() < 1000 && random.nextInt(3) != 0) {
                map.put(table.reserve(peer, random), peer);
            } else if (!map.isEmpty() && random.nextInt(4) != 0) {
                int index = map.keySet().iterator().next();
                table.remove(index);
                map.remove(index);
                assertNull(table.peer(index));
            }
            assertEquals(map.size(), table.size());
        }
        map.forEach((index, expected) -> assertSame(expected, table.peer(index)));
        assertTrue(table.capacity() <= 4096, table.capacity() + " slots");
    }

    @Test
    void holdsTheIndicesOfAllPeersThereCanBe() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 4 * 65_536; i++) {
            table.reserve(peer, random);
        }
        assertEquals(4 * 65_536, table.size());
    }

    @Test
    void aReaderAlwaysFindsAnIndexThatStaysWhileOthersComeAndGo() throws Exception {
        table.reserve(peer, indices(0x11111111));
        table.publish(keypair);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger misses = new AtomicInteger();
        Thread reader =
                new Thread(() -> {
                    while (!stop.get()) {
                        if (table.lookup(0x11111111) != keypair) {
                            misses.incrementAndGet();
                        }
                    }
                });
        reader.start();
        SplittableRandom random = new SplittableRandom(3);
        int[] ring = new int[200];
        for (int i = 0; i < 300_000; i++) {
            if (i >= ring.length) {
                table.remove(ring[i % ring.length]);
            }
            ring[i % ring.length] = table.reserve(peer, random);
            assertNotEquals(0x11111111, ring[i % ring.length]);
        }
        stop.set(true);
        reader.join();
        assertEquals(0, misses.get());
    }
}
