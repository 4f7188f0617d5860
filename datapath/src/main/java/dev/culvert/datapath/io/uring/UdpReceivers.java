package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.BugLog;
import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.tun.sys.Errno;
import java.util.Arrays;

/** The sockets of a shard as its inbound loop sees them. Called by the loop's thread. */
final class UdpReceivers implements RingLoop.Direction {
    private final InboundDuty duty;
    private final IoFailureListener failures;
    private final BugLog bugs = new BugLog();
    private UdpReceiver[] receivers = {};

    UdpReceivers(InboundDuty duty, IoFailureListener failures) {
        this.duty = duty;
        this.failures = failures;
    }

    void begin(UdpReceiver receiver, RingLoop loop) {
        receivers = Arrays.copyOf(receivers, receivers.length + 1);
        receivers[receivers.length - 1] = receiver;
        receiver.begin(loop.registered(receiver));
    }

    void stop(UdpReceiver receiver) {
        receiver.stop();
        letGoOfEnded();
    }

    @Override
    public void onTurnEnd() {
        boolean ended = false;
        boolean received = false;
        for (UdpReceiver receiver : receivers) {
            received |= receiver.takeReceived();
            ended |= receiver.hasEnded();
        }
        if (received) {
            endBatch();
        }
        for (UdpReceiver receiver : receivers) {
            receiver.keepUnderWay();
        }
        if (ended) {
            letGoOfEnded();
        }
    }

    private void endBatch() {
        try {
            duty.onBatchEnd();
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    private void letGoOfEnded() {
        for (UdpReceiver receiver : receivers) {
            if (receiver.hasEnded()) {
                receiver.letGo();
            }
        }
        receivers =
                Arrays.stream(receivers)
                        .filter(receiver -> !receiver.hasEnded())
                        .toArray(UdpReceiver[]::new);
    }

    @Override
    public void onLoopFailure() {
        for (UdpReceiver receiver : receivers) {
            failures.onUdpFailure(receiver.socket(), Errno.EIO);
        }
    }
}
