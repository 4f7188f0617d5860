package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A change of identity in the middle of a conversation. */
@Tag("netns")
class PrivateKeyTest {
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void shakesHandsAtOnceWithANewPrivateKey(Program program) {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            Tunnel left = pair.left();
            Tunnel right = pair.right();
            pair.endpoints("127.0.0.1", "127.0.0.1");
            Traffic.ping(left.inside(), TunnelPair.RIGHT_4);

            Keys changed = Keys.generate(pair.outside());
            right.set(
                    "peer",
                    changed.publicKey(),
                    "allowed-ips",
                    TunnelPair.LEFT_4 + "/32",
                    "peer",
                    left.keys.publicKey(),
                    "remove");
            left.set("private-key", Keys.file(changed.privateKey()));
            Traffic.ping(left.inside(), TunnelPair.RIGHT_4);
            assertEquals(changed.publicKey(), right.show("peers"));
        }
    }
}
