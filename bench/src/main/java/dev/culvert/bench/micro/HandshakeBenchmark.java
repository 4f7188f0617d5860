package dev.culvert.bench.micro;

import dev.culvert.wg.cookie.CookieChecker;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.ReceivedInitiation;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Both sides of the handshake, and the check that comes before everything else. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HandshakeBenchmark {
    private static final int INDEX = 7;

    private final SecureRandom random = new SecureRandom();
    private final StaticIdentity initiator = new StaticIdentity(random.generateSeed(32));
    private final StaticIdentity responder = new StaticIdentity(random.generateSeed(32));
    private final Handshake initiating = new Handshake(responder.publicKey());
    private final Handshake responding = new Handshake(initiator.publicKey());
    private final CookieChecker checker = new CookieChecker();
    private final byte[] timestamp = new byte[12];
    private final byte[] initiation = new byte[Handshake.INITIATION_BYTES];
    private final byte[] otherInitiation = new byte[Handshake.INITIATION_BYTES];
    private final byte[] response = new byte[Handshake.RESPONSE_BYTES];

    /** Made by JMH. */
    public HandshakeBenchmark() {}

    /** One initiation with its MAC, for the responder. */
    @Setup
    public void makeInitiation() {
        initiating.setIdentity(initiator);
        responding.setIdentity(responder);
        checker.setIdentity(responder.publicKey());
        initiating.createInitiation(INDEX, timestamp, random, initiation);
        new CookieGenerator(responder.publicKey()).addMacs(initiation, initiation.length, 0);
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
