package dev.culvert.wg.noise;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
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

    @Test
    void agreesWithBouncyCastleOnEveryLengthOfKeyInputAndOutput() {
        Random random = new Random(7693);
        for (int i = 0; i < 5000; i++) {
            byte[] key = bytes(random, random.nextInt(33));
            byte[] input = bytes(random, random.nextInt(300));
            int outLength = 1 + random.nextInt(32);
            byte[] actual = new byte[outLength];
            Blake2s.keyed(key, input, input.length, actual, 0, outLength);
            Blake2sDigest digest = new Blake2sDigest(key, outLength, null, null);
            assertArrayEquals(expected(digest, input, outLength), actual);
        }
    }

    @Test
    void computesHmacsLikeBouncyCastle() {
        Random random = new Random(2104);
        for (int length = 0; length < 300; length++) {
            byte[] key = bytes(random, 32);
            byte[] input = bytes(random, length);
            byte[] expected = hmac(key, input);
            Hmac actual = new Hmac();
            actual.setKey(key);
            byte[] out = new byte[32];
            actual.compute(input, 0, length, out);
            assertArrayEquals(expected, out);
            if (length > 0) {
                actual.prepare();
                actual.compute(input, 0, length, out);
                actual.compute(input, 0, length, out);
                assertArrayEquals(expected, out);
            }
        }
    }

    @Test
    void derivesKeysByTheirDefinition() {
        Random random = new Random(5869);
        for (int length : new int[] {0, 32}) {
            byte[] key = bytes(random, 32);
            byte[] input = bytes(random, length);
            byte[][] outs = new byte[3][32];
            Blake2s.kdf(key, input, outs[0], outs[1], outs[2]);
            byte[] secret = hmac(key, input);
            byte[] previous = {};
            for (int i = 0; i < outs.length; i++) {
                previous =
                        hmac(secret, org.bouncycastle.util.Arrays.append(previous, (byte) (i + 1)));
                assertArrayEquals(previous, outs[i]);
            }
        }
    }

    @Test
    void computesOneMacAfterAnother() {
        Random random = new Random(16);
        byte[] key = bytes(random, 32);
        Blake2sMac mac = new Blake2sMac(key);
        byte[] actual = new byte[16];
        for (int i = 0; i < 1000; i++) {
            byte[] message = bytes(random, random.nextInt(200));
            mac.compute(message, message.length, actual);
            Blake2sDigest digest = new Blake2sDigest(key, 16, null, null);
            assertArrayEquals(expected(digest, message, 16), actual);
        }
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        HMac hmac = new HMac(new Blake2sDigest(256));
        hmac.init(new KeyParameter(key));
        hmac.update(input, 0, input.length);
        byte[] out = new byte[32];
        hmac.doFinal(out, 0);
        return out;
    }

    private static byte[] expected(Blake2sDigest digest, byte[] input, int length) {
        byte[] out = new byte[length];
        digest.update(input, 0, input.length);
        digest.doFinal(out, 0);
        return out;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
