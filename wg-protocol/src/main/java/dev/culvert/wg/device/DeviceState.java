package dev.culvert.wg.device;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import dev.culvert.wg.timers.DeadlineHeap;
import dev.culvert.wg.timers.Timeouts;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Providers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the parts of a device share. */
final class DeviceState {
    /** Bytes that all peers together may stage. */
    private static final long STAGED_LIMIT_BYTES = 32L << 20;

    final AeadProvider provider;
    final X25519 x25519;
    final RandomGenerator random;
    final int shards;
    final PeerRequests requests;
    final StagedBudget stagedBudget = new StagedBudget(STAGED_LIMIT_BYTES);
    final AllowedIps allowedIps = new AllowedIps();
    final IndexTable indexTable = new IndexTable();
    final Peers peers = new Peers();
    final DeadlineHeap<DevicePeer> timers = new DeadlineHeap<>();
    final Deque<Action> actions = new ArrayDeque<>();
    final DropCounters drops = new DropCounters();

    /** Null: no private key is set. */
    @Nullable StaticIdentity identity;

    boolean up;

    DeviceState(AeadProvider provider, RandomGenerator random, int shards, Wakeup wakeup) {
        this.provider = provider;
        x25519 = X25519Providers.beside(provider.name());
        this.random = random;
        this.shards = shards;
        this.requests = new PeerRequests(wakeup::wake);
    }

    /** What is added to a timer so that both sides do not act at the same moment. */
    long jitterNs() {
        return random.nextLong(Timeouts.REKEY_JITTER_NS + 1);
    }

    void happened(DevicePeer to, Action.Event what) {
        actions.add(new Action.Happened(to.peer, what));
    }
}
