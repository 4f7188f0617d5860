package dev.culvert.datapath.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.wg.packet.MessageInitiation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class HandshakeRingTest {
    private final HandshakeRing ring = new HandshakeRing();
    private final MemorySegment buf = Arena.ofAuto().allocate(2L * MessageInitiation.LENGTH, 8);
    private final UdpEndpoint from =
            Objects.requireNonNull(UdpEndpoint.of(new byte[] {10, 0, 0, 1}, 51820, ""));

    private void put(int number) {
        buf.set(ValueLayout.JAVA_INT_UNALIGNED, 5, number);
        ring.put(buf, 5, MessageInitiation.LENGTH, from);
    }

    private List<Integer> takeAll() {
        List<Integer> numbers = new ArrayList<>();
        HandshakeRing.Consumer consumer =
                (message, length, endpoint) -> {
                    assertEquals(MessageInitiation.LENGTH, length);
                    assertEquals(from, endpoint);
                    numbers.add(Integer.reverseBytes(ByteBuffer.wrap(message).getInt()));
                };
        boolean more = true;
        while (more) {
            more = ring.poll(consumer);
        }
        return numbers;
    }

    @Test
    void handsMessagesOutInTheirOrder() {
        for (int round = 0; round < 5; round++) {
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                put(round * 1000 + i);
                expected.add(round * 1000 + i);
            }
            assertEquals(expected, takeAll());
        }
    }

    @Test
    void isFullAtItsCapacity() {
        for (int i = 0; i < HandshakeRing.CAPACITY; i++) {
            assertFalse(ring.isFull());
            put(i);
        }
        assertTrue(ring.isFull());
        assertTrue(ring.poll((message, length, endpoint) -> {}));
        assertFalse(ring.isFull());
    }

    @Test
    void isUnderLoadFromAnEighthOn() {
        for (int i = 0; i < HandshakeRing.CAPACITY / 8 - 1; i++) {
            put(i);
        }
        assertFalse(ring.isUnderLoad());
        put(-1);
        assertTrue(ring.isUnderLoad());
        takeAll();
        assertFalse(ring.isUnderLoad());
    }

    @Test
    void passesMessagesBetweenTwoThreads() throws Exception {
        int count = 50_000;
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < count; i++) {
                                while (ring.isFull()) {
                                    Thread.onSpinWait();
                                }
                                put(i);
                            }
                        });
        int next = 0;
        while (next < count) {
            for (int number : takeAll()) {
                assertEquals(next++, number);
            }
        }
        writer.join();
    }
}
