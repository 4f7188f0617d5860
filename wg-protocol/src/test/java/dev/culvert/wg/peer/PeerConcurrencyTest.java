package dev.culvert.wg.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.TestSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Data-path threads against a home thread that only acts when it is woken. */
final class PeerConcurrencyTest {
    private final Semaphore wakeups = new Semaphore(0);
    private final PeerRequests requests = new PeerRequests(wakeups::release);
    private final Peer peer = new Peer(new byte[32], requests, new StagedBudget(1 << 24), 0);
    private final Keypair session =
            TestSession.create(AeadProviders.select(AeadProviders.AUTO), 1, 0).initiator();

    private int takeRequests() {
        int all = 0;
        Peer next = requests.takeAll();
        while (next != null) {
            Peer older = next.olderRequest();
            all |= next.takeRequest();
            next = older;
        }
        return all;
    }

    @Test
    void noStagedPacketIsEverForgotten() throws InterruptedException {
        int packets = 200_000;
        AtomicLong passed = new AtomicLong();
        DropCounters drops = new DropCounters();
        Thread outbound =
                new Thread(() -> {
                    MemorySegment buf = Arena.ofAuto().allocate(64);
                    for (int i = 0; i < packets; i++) {
                        if (peer.hasStaged() || peer.sendKeypair(1) == null) {
                            peer.stage(buf, 0, 40, 1, drops);
                        } else {
                            passed.incrementAndGet();
                        }
                    }
                });
        outbound.start();
        MemorySegment buf = Arena.ofAuto().allocate(1 << 16);
        SplittableRandom random = new SplittableRandom(1);
        long drained = 0;
        boolean mayEnd = false;
        // A session comes and goes; each wakeup is the only reason to look at the queue.
        while (!mayEnd) {
            mayEnd = !outbound.isAlive();
            if (wakeups.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                mayEnd = false;
                wakeups.drainPermits();
                boolean flush = (takeRequests() & PeerRequests.FLUSH) != 0;
                if (flush && peer.sendKeypair(1) == null) {
                    peer.setHandshakeInFlight(true);
                    peer.setCurrent(session);
                    peer.setHandshakeInFlight(false);
                }
                if (flush && peer.hasStaged()) {
                    drained += peer.drainStaged(buf, 0, (_, _, _) -> {});
                }
                if (random.nextInt(3) == 0) {
                    peer.setCurrent(null);
                }
            }
        }
        outbound.join();
        assertEquals(0, peer.stagedPackets());
        assertEquals(packets, drained + passed.get() + drops.get(DropReason.STAGED_OVERFLOW));
        assertTrue(drained > 0);
    }

    @Test
    void noTimerIsEverMissing() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong clock = new AtomicLong(1);
        Thread outbound = traffic(stop, () -> send(clock.incrementAndGet()));
        Thread inbound =
                traffic(
                        stop,
                        () -> peer.onReceived(clock.incrementAndGet(), session, true, 1, 100));
        Traffic traffic = peer.traffic();
        long endNs = System.nanoTime() + 500_000_000;
        while (System.nanoTime() - endNs < 0) {
            if (wakeups.tryAcquire()) {
                takeRequests();
                traffic.setAnswerTimerArmed(traffic.awaitsAnswer());
                traffic.setKeepaliveTimerArmed(traffic.owesAnswer());
            }
            // A timer that expires and is not needed any more: disarmed, then looked at again.
            traffic.setAnswerTimerArmed(false);
            traffic.setAnswerTimerArmed(traffic.awaitsAnswer());
            traffic.setKeepaliveTimerArmed(false);
            traffic.setKeepaliveTimerArmed(traffic.owesAnswer());
        }
        stop.set(true);
        outbound.join();
        inbound.join();
        int left = takeRequests();
        assertTrue(
                !traffic.awaitsAnswer() || traffic.answerTimerArmed() || left != 0,
                "data awaits an answer and nobody looks");
        assertTrue(
                !traffic.owesAnswer() || traffic.keepaliveTimerArmed() || left != 0,
                "an answer is owed and nobody looks");
        assertTrue(peer.txBytes() > 0 && peer.rxBytes() > 0);
        assertEquals(peer.txBytes(), 100 * peer.txPackets(), "none got lost");
        assertEquals(peer.rxBytes(), 100 * peer.rxPackets(), "none got lost");
    }

    private void send(long nowNs) {
        peer.onSent(nowNs, true, peer.onSending(1, 100));
    }

    private static Thread traffic(AtomicBoolean stop, Runnable packet) {
        Thread thread =
                new Thread(() -> {
                    while (!stop.get()) {
                        packet.run();
                    }
                });
        thread.start();
        return thread;
    }

    @Test
    void anAnswerThatComesBeforeTheSendReturnsIsAnAnswer() {
        long heardNs = peer.onSending(1, 100);
        assertEquals(100, peer.txBytes());
        peer.onReceived(11, session, true, 1, 100);
        peer.onSent(10, true, heardNs);
        assertFalse(peer.traffic().awaitsAnswer());
        send(12);
        assertTrue(peer.traffic().awaitsAnswer());
    }

    @Test
    void whatCouldNotBeSentIsNotCounted() {
        peer.onSending(3, 100);
        assertEquals(3, peer.txPackets());
        peer.onSendFailed(3, 100);
        assertEquals(0, peer.txBytes());
        assertEquals(0, peer.txPackets());
    }

    @Test
    void oneWakeupIsEnoughForManyRequests() {
        for (int i = 0; i < 10; i++) {
            peer.request(PeerRequests.FLUSH);
            peer.request(PeerRequests.HANDSHAKE);
        }
        assertEquals(1, wakeups.availablePermits());
        assertEquals(PeerRequests.FLUSH | PeerRequests.HANDSHAKE, takeRequests());
        @Nullable Peer none = requests.takeAll();
        assertEquals(null, none);
    }

    @Test
    void steadyTrafficInBothDirectionsWakesNobody() {
        send(1);
        peer.onReceived(2, session, true, 1, 100);
        takeRequests();
        wakeups.drainPermits();
        peer.traffic().setAnswerTimerArmed(true);
        peer.traffic().setKeepaliveTimerArmed(true);
        for (int i = 3; i < 10_000; i += 2) {
            send(i);
            peer.onReceived(i + 1, session, true, 1, 100);
        }
        assertEquals(0, wakeups.availablePermits());
    }
}
