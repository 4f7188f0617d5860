package dev.culvert.wg.device;

import dev.culvert.wg.peer.Traffic;
import dev.culvert.wg.timers.Timeouts;
import dev.culvert.wg.timers.Timer;

/**
 * The timers that follow from traffic (whitepaper §6.5). They are not moved per packet: when one
 * expires, the times in {@link Traffic} say whether it is due, not yet due, or not needed at all.
 */
final class TrafficTimers {
    private static final long SECOND_NS = 1_000_000_000L;

    private final DeviceState state;
    private final Initiations initiations;
    private final Sessions sessions;

    TrafficTimers(DeviceState state, Initiations initiations, Sessions sessions) {
        this.state = state;
        this.initiations = initiations;
        this.sessions = sessions;
    }

    /** Starts the timers that traffic needs and that do not run. */
    void start(DevicePeer of) {
        if (!state.up) {
            return;
        }
        Traffic traffic = of.peer.traffic();
        if (!of.newHandshake.isArmed() && traffic.awaitsAnswer()) {
            armNewHandshake(of, traffic);
        }
        if (!of.keepalive.isArmed() && traffic.owesAnswer()) {
            armKeepalive(of, traffic);
        }
    }

    /** Runs what an expired timer is for. */
    void expire(Timer<DevicePeer> timer, long nowNs, long wallNs) {
        DevicePeer of = timer.owner();
        switch (timer.kind()) {
            case RETRANSMIT_HANDSHAKE -> initiations.retry(of, nowNs, wallNs);
            case NEW_HANDSHAKE -> expireNewHandshake(of, nowNs, wallNs);
            case SEND_KEEPALIVE -> expireKeepalive(of, nowNs, wallNs);
            case PERSISTENT_KEEPALIVE -> expirePersistentKeepalive(of, nowNs, wallNs);
            case ZERO_KEYS -> sessions.expire(of);
        }
    }

    /** Sets the interval; from none to some, one keepalive goes at once. */
    void setPersistentKeepalive(DevicePeer of, int seconds, long nowNs, long wallNs) {
        int before = of.persistentKeepaliveSeconds;
        of.persistentKeepaliveSeconds = seconds;
        if (!state.up) {
            return;
        }
        if (seconds == 0) {
            state.timers.cancel(of.persistentKeepalive);
        } else if (before == 0) {
            startPersistentKeepalive(of, nowNs, wallNs);
        } else {
            schedulePersistentKeepalive(of, of.peer.traffic().lastPacketNs());
        }
    }

    /** Sends one keepalive at once and starts the timer, when an interval is set. */
    void startPersistentKeepalive(DevicePeer of, long nowNs, long wallNs) {
        if (of.persistentKeepaliveSeconds != 0) {
            sessions.sendKeepalive(of, nowNs, wallNs);
            schedulePersistentKeepalive(of, nowNs);
        }
    }

    /** Makes every timer idle. */
    void stop(DevicePeer of) {
        state.timers.cancel(of.retransmit);
        state.timers.cancel(of.newHandshake);
        state.timers.cancel(of.keepalive);
        state.timers.cancel(of.persistentKeepalive);
        state.timers.cancel(of.zeroKeys);
        of.peer.traffic().setAnswerTimerArmed(false);
        of.peer.traffic().setKeepaliveTimerArmed(false);
    }

    private void armNewHandshake(DevicePeer of, Traffic traffic) {
        traffic.setAnswerTimerArmed(true);
        of.answerAwaitedSinceNs = traffic.firstUnansweredSentNs();
        state.timers.schedule(
                of.newHandshake,
                of.answerAwaitedSinceNs + Timeouts.NEW_HANDSHAKE_NS + state.jitterNs());
    }

    private void expireNewHandshake(DevicePeer of, long nowNs, long wallNs) {
        Traffic traffic = of.peer.traffic();
        if (traffic.awaitsAnswer() && traffic.firstUnansweredSentNs() == of.answerAwaitedSinceNs) {
            traffic.stopAwaitingAnswer();
            of.peer.clearSource();
            initiations.request(of, nowNs, wallNs);
        }
        traffic.setAnswerTimerArmed(false);
        // Data sent before the flag was cleared has not asked for the timer.
        if (traffic.awaitsAnswer()) {
            armNewHandshake(of, traffic);
        }
    }

    private void armKeepalive(DevicePeer of, Traffic traffic) {
        traffic.setKeepaliveTimerArmed(true);
        state.timers.schedule(
                of.keepalive, traffic.firstUnansweredReceivedNs() + Timeouts.KEEPALIVE_TIMEOUT_NS);
    }

    private void expireKeepalive(DevicePeer of, long nowNs, long wallNs) {
        Traffic traffic = of.peer.traffic();
        long owedNs = nowNs - traffic.firstUnansweredReceivedNs();
        if (traffic.owesAnswer() && owedNs >= Timeouts.KEEPALIVE_TIMEOUT_NS) {
            traffic.stopOwingAnswer();
            sessions.sendKeepalive(of, nowNs, wallNs);
        }
        traffic.setKeepaliveTimerArmed(false);
        if (traffic.owesAnswer()) {
            armKeepalive(of, traffic);
        }
    }

    private void expirePersistentKeepalive(DevicePeer of, long nowNs, long wallNs) {
        long lastNs = of.peer.traffic().lastPacketNs();
        if (nowNs - lastNs >= of.persistentKeepaliveSeconds * SECOND_NS) {
            sessions.sendKeepalive(of, nowNs, wallNs);
            schedulePersistentKeepalive(of, nowNs);
        } else {
            schedulePersistentKeepalive(of, lastNs);
        }
    }

    private void schedulePersistentKeepalive(DevicePeer of, long lastNs) {
        state.timers.schedule(
                of.persistentKeepalive, lastNs + of.persistentKeepaliveSeconds * SECOND_NS);
    }
}
