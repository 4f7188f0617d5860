package dev.culvert.wg.noise;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class Blake2sTest {
    @Test
    void hashesTheExampleOfRfc7693() {
        assertArrayEquals(
                hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"),
                Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void agreesWithTheBlake2KnownAnswersUnkeyedAndKeyed() {
        List<String> lines =
                Vectors.text("noise/blake2s_kat.txt")
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toList();
        assertEquals(256, lines.size());
        byte[] key = counting(32);
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            int length = Integer.parseInt(fields[0]);
            byte[] input = counting(length);
            assertArrayEquals(hex(fields[1]), Blake2s.hash(input), line);
            byte[] keyed = new byte[32];
            Blake2s.keyed(key, input, length, keyed, 0, 32);
            assertArrayEquals(hex(fields[2]), keyed, line);
        }
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        byte[] whole = counting(200);
        for (int cut = 0; cut <= 200; cut += 40) {
            assertArrayEquals(
                    Blake2s.hash(whole),
                    Blake2s.hash(Arrays.copyOf(whole, cut), Arrays.copyOfRange(whole, cut, 200)));
        }
    }

    @Test
    void writesAMacWhereItIsTold() {
        byte[] message = counting(100);
        byte[] expected = new byte[16];
        Blake2s.mac(counting(32), message, 68, expected, 0);
        Blake2s.mac(counting(32), message, 68, message, 68);
        assertArrayEquals(expected, Arrays.copyOfRange(message, 68, 84));
        assertArrayEquals(
                Arrays.copyOfRange(counting(100), 84, 100), Arrays.copyOfRange(message, 84, 100));
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
