package dev.culvert.app.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
    private static final int ID = 0x1234;
    private static final String NAME = "vpn.example.net";
    private static final String QUESTION = "0376706e076578616d706c65036e657400" + "0001" + "0001";

    private static DnsMessage.@Nullable Answer answer(String header, String records) {
        byte[] bytes = HexFormat.of().parseHex(header + QUESTION + records);
        return DnsMessage.answer(ByteBuffer.wrap(bytes), ID, NAME, DnsMessage.A);
    }

    @Test
    void asksOneQuestionAndForLongAnswers() {
        String question = HexFormat.of().formatHex(DnsMessage.question(ID, NAME, DnsMessage.A));

        assertEquals(
                "1234"
                        + "0100"
                        + "0001"
                        + "0000"
                        + "0000"
                        + "0001"
                        + QUESTION
                        + "00"
                        + "0029"
                        + "04d0"
                        + "00000000"
                        + "0000",
                question);
    }

    @Test
    void takesAllAddressesOfTheName() {
        assertEquals(
                new DnsMessage.Answer.Addresses(
                        List.of(
                                InetAddress.ofLiteral("192.0.2.1"),
                                InetAddress.ofLiteral("192.0.2.2"))),
                answer(
                        "123481800001000200000000",
                        "c00c000100010000003c0004c0000201" + "c00c000100010000003c0004c0000202"));
    }

    @Test
    void saysThatItWasCutShortAndWhatHadRoom() {
        assertEquals(
                new DnsMessage.Answer.Truncated(List.of(InetAddress.ofLiteral("192.0.2.1"))),
                answer("123483800001000100000000", "c00c000100010000003c0004c0000201"));
        assertEquals(
                new DnsMessage.Answer.Truncated(List.of()),
                answer("123483800001000200000000", "c00c000100010000003c0004c0"));
    }

    @Test
    void followsAnAliasToItsAddress() {
        // vpn.example.net is an alias of w.example.net, whose address follows.
        assertEquals(
                new DnsMessage.Answer.Addresses(List.of(InetAddress.ofLiteral("192.0.2.7"))),
                answer(
                        "123481800001000200000000",
                        "c00c000500010000003c00040177c010" + "c02d000100010000003c0004c0000207"));
    }

    @Test
    void leavesOutAddressesOfOtherNames() {
        assertEquals(
                new DnsMessage.Answer.Addresses(List.of()),
                answer("123481800001000100000000", "0176" + "c010000100010000003c0004c0000201"));
    }

    @Test
    void tellsThatThereIsNoSuchNameFromARefusal() {
        assertInstanceOf(
                DnsMessage.Answer.NoSuchName.class, answer("123481830001000000000000", ""));
        assertEquals(new DnsMessage.Answer.Refused(5), answer("123481850001000000000000", ""));
    }

    @Test
    void takesNoAnswerToAnotherQuestion() {
        assertNull(answer("999981800001000000000000", ""), "another id");
        assertNull(answer("123401000001000000000000", ""), "a question");
        byte[] bytes = HexFormat.of().parseHex("123481800001000000000000" + QUESTION);
        assertNull(DnsMessage.answer(ByteBuffer.wrap(bytes), ID, "other.net", DnsMessage.A));
        assertNull(DnsMessage.answer(ByteBuffer.wrap(bytes), ID, NAME, DnsMessage.AAAA));
    }

    @Test
    void survivesALoopOfCompressedNames() {
        assertNull(answer("123481800001000100000000", "c021000100010000003c0004c0000201"));
    }

    @Test
    void survivesDamage() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        byte[] whole =
                HexFormat.of()
                        .parseHex(
                                "123481800001000200000000"
                                        + QUESTION
                                        + "c00c000500010000003c00040177c010"
                                        + "c02d000100010000003c0004c0000207");
        int answers = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            ByteBuffer message = ByteBuffer.wrap(damaged, 0, 1 + random.nextInt(damaged.length));
            if (DnsMessage.answer(message, ID, NAME, DnsMessage.A) != null) {
                answers++;
            }
        }
        assertEquals(true, answers > 0, "some are still whole");
    }
}
