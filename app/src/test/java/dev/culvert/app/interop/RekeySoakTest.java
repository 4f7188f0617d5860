package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A conversation that outlives its first session, in real time: {@code make soak}. */
@Tag("netns")
@Tag("soak")
class RekeySoakTest {
    private static final int SECONDS = 130;

    static Stream<Arguments> ends() {
        return WireguardGoInteropTest.ends();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void takesANewSessionAfterTwoMinutesWithoutLosingAPacket(Program initiator, Program responder) {
        try (TunnelPair pair = TunnelPair.overVeth(initiator, responder)) {
            pair.endpoints("10.0.0.1", "10.0.0.2");
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_4);
            long firstS = pair.left().handshakeS(pair.right());
            String output =
                    pair.left()
                            .inside()
                            .start("ping", "-n", "-q", "-i0.1", "-w" + SECONDS, TunnelPair.RIGHT_4)
                            .await(Duration.ofSeconds(SECONDS + 20))
                            .output();
            assertTrue(output.contains(" 0% packet loss"), output);
            long secondS = pair.left().handshakeS(pair.right());
            assertTrue(
                    secondS - firstS >= 120 && secondS - firstS <= 126,
                    () -> "the second handshake came after " + (secondS - firstS) + " s");
        }
    }
}
