package dev.culvert.wg.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Views of arbitrary bytes; JAZZER_FUZZ=1 looks for new ones, else the corpus is replayed. */
final class PacketFuzzTest {
    @FuzzTest
    void viewsNeverThrowOnceTheLengthIsChecked(byte @Nullable [] fuzzed) {
        byte[] bytes = fuzzed == null ? new byte[0] : fuzzed;
        MemorySegment buf = MemorySegment.ofArray(bytes);
        int type = MessageType.of(buf, 0, bytes.length);
        assertEquals(type, MessageType.of(bytes, bytes.length));
        switch (type) {
            case MessageType.INITIATION -> MessageInitiation.senderIndex(bytes);
            case MessageType.RESPONSE -> {
                MessageResponse.senderIndex(bytes);
                MessageResponse.receiverIndex(bytes);
            }
            case MessageType.COOKIE_REPLY -> MessageCookieReply.receiverIndex(bytes);
            case MessageType.TRANSPORT -> {
                MessageTransport.receiverIndex(buf, 0);
                MessageTransport.counter(buf, 0);
            }
            default -> assertEquals(MessageType.NONE, type);
        }
        int total = InnerPacket.totalLength(buf, 0, bytes.length);
        assertTrue(total <= bytes.length);
        if (total > 0 && InnerPacket.version(buf, 0) == 4) {
            InnerPacket.source4(buf, 0);
            InnerPacket.destination4(buf, 0);
        } else if (total > 0) {
            InnerPacket.source6Lo(buf, 0);
            InnerPacket.destination6Lo(buf, 0);
        }
    }
}
