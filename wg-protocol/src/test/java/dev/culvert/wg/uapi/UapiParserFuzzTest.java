package dev.culvert.wg.uapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Hostile requests; JAZZER_FUZZ=1 looks for new ones, else the corpus is replayed. */
class UapiParserFuzzTest {
    @FuzzTest
    void refusesARequestOrUnderstandsItWholly(byte @Nullable [] fuzzed) {
        byte[] request = fuzzed == null ? new byte[0] : fuzzed;
        UapiParser parser = new UapiParser();
        try {
            for (int start = 0; start < request.length; ) {
                int end = start;
                while (end < request.length && request[end] != '\n') {
                    end++;
                }
                parser.line(request, start, end - start);
                start = end + 1;
            }
        } catch (UapiException refused) {
            assertTrue(refused.errno() > 0);
            parser.discard();
            return;
        }
        check(parser.finish());
    }

    private static void check(UapiSet set) {
        assertTrue(set.privateKey() == null || set.privateKey().length == 32);
        set.listenPort().ifPresent(port -> assertEquals(port, port & 0xffff));
        set.fwmark().ifPresent(mark -> assertEquals(mark, mark & 0xffff_ffffL));
        for (PeerChange peer : set.peers()) {
            assertEquals(32, peer.publicKey().length);
            for (AllowedIpChange allowedIp : peer.allowedIps()) {
                int bits = allowedIp.address().length * 8;
                assertTrue(bits == 32 || bits == 128);
                assertTrue(allowedIp.prefixLength() >= 0 && allowedIp.prefixLength() <= bits);
                goesRound(allowedIp.address());
            }
            EndpointAddress endpoint = peer.endpoint();
            if (endpoint != null) {
                assertEquals(endpoint.port(), endpoint.port() & 0xffff);
                goesRound(endpoint.address());
            }
        }
        set.zero();
    }

    private static void goesRound(byte[] address) {
        StringBuilder text = new StringBuilder();
        AddressText.append(text, address);
        byte[] written = text.toString().getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(address, AddressText.parse(written, 0, written.length), text.toString());
    }
}
