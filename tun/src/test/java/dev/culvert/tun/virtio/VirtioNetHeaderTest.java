package dev.culvert.tun.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {
    private final MemorySegment segment = Arena.ofAuto().allocate(13);

    @Test
    void liesInMemoryAsTheStructOfTheKernel() {
        VirtioNetHeader.write(segment, 1, 1, 0x84, 0xfedc, 0x8765, 0x9abc, 0xcdef);
        ByteBuffer struct = ByteBuffer.allocate(13).order(ByteOrder.nativeOrder());
        struct.put((byte) 0).put((byte) 1).put((byte) 0x84).putShort((short) 0xfedc);
        struct.putShort((short) 0x8765).putShort((short) 0x9abc).putShort((short) 0xcdef);
        assertArrayEquals(struct.array(), segment.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void readsBackUnsigned() {
        VirtioNetHeader.write(segment, 3, 1, 0x84, 0xfedc, 0x8765, 0x9abc, 0xcdef);
        assertEquals(1, VirtioNetHeader.flags(segment, 3));
        assertEquals(0x84, VirtioNetHeader.gsoType(segment, 3));
        assertEquals(0xfedc, VirtioNetHeader.headerLength(segment, 3));
        assertEquals(0x8765, VirtioNetHeader.gsoSize(segment, 3));
        assertEquals(0x9abc, VirtioNetHeader.checksumStart(segment, 3));
        assertEquals(0xcdef, VirtioNetHeader.checksumOffset(segment, 3));
    }

    @Test
    void clearsItsTenBytesOnly() {
        segment.fill((byte) 0xff);
        VirtioNetHeader.clear(segment, 2);
        byte[] expected = {-1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1};
        assertArrayEquals(expected, segment.toArray(ValueLayout.JAVA_BYTE));
    }
}
