package dev.culvert.bench.micro;

import dev.culvert.wg.cookie.CookieChecker;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.ReceivedInitiation;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Providers;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Both sides of the handshake, and the check that comes before everything else. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HandshakeBenchmark {
    private static final int INDEX = 7;

    /** Whose X25519. */
    @Param({"sodium", "boringssl", "openssl", "bouncycastle"})
    public String x25519 = "bouncycastle";

    private final SecureRandom random = new SecureRandom();
    private final CookieChecker checker = new CookieChecker();
    private final byte[] timestamp = new byte[12];
    private final byte[] initiation = new byte[Handshake.INITIATION_BYTES];
    private final byte[] otherInitiation = new byte[Handshake.INITIATION_BYTES];
    private final byte[] response = new byte[Handshake.RESPONSE_BYTES];
    private StaticIdentity responder = identity(X25519Providers.bouncyCastle());
    private Handshake initiating = new Handshake(responder.publicKey());
    private Handshake responding = initiating;

    /** Made by JMH. */
    public HandshakeBenchmark() {}

    /** One initiation with its MAC, for the responder. */
    @Setup
    public void makeInitiation() {
        X25519 implementation = X25519Providers.of(x25519);
        if (!implementation.name().equals(x25519)) {
            throw new IllegalStateException("not installed: " + x25519);
        }
        responder = identity(implementation);
        StaticIdentity initiator = identity(implementation);
        initiating = new Handshake(responder.publicKey());
        responding = new Handshake(initiator.publicKey());
        initiating.setIdentity(initiator);
        responding.setIdentity(responder);
        checker.setIdentity(responder.publicKey());
        initiating.createInitiation(INDEX, timestamp, random, initiation);
        new CookieGenerator(responder.publicKey()).addMacs(initiation, initiation.length, 0);
    }

    private StaticIdentity identity(X25519 implementation) {
        return new StaticIdentity(random.generateSeed(X25519.KEY_BYTES), implementation);
    }

    /** Of an initiation: BLAKE2s of 116 bytes. */
    @Benchmark
    public boolean mac1() {
        return checker.checkMac1(initiation, initiation.length);
    }

    /** From an initiation to session keys and a response. */
    @Benchmark
    public @Nullable SessionKeys respond() {
        ReceivedInitiation received = Handshake.consumeInitiation(responder, initiation);
        if (received == null || !responding.openTimestamp(received)) {
            return null;
        }
        return responding.createResponse(received, INDEX, random, response);
    }

    /** An initiation, without the response that follows. */
    @Benchmark
    public boolean initiate() {
        return initiating.createInitiation(INDEX, timestamp, random, otherInitiation);
    }
}
