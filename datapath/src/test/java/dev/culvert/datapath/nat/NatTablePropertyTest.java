package dev.culvert.datapath.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Udp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random traffic over random times, next to a model made of plain maps. */
class NatTablePropertyTest {
    private static final int STEPS = 20_000;
    private static final int CLIENTS = 6;
    private static final int PORTS = 12;
    private static final int REMOTES = 5;

    private record Inside(int space, long client, int port) {}

    private record Outside(int space, int port) {}

    private static final class Model {
        final Inside inside;
        final int outsidePort;
        final Map<Long, Long> deadlines = new HashMap<>();

        Model(Inside inside, int outsidePort) {
            this.inside = inside;
            this.outsidePort = outsidePort;
        }

        boolean isLive(long nowNs) {
            return deadlines.values().stream().anyMatch(deadline -> deadline > nowNs);
        }
    }

    private final Map<Inside, Model> byInside = new HashMap<>();
    private final Map<Outside, Model> byOutside = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheModel(long seed) {
        Random random = new Random(seed);
        NatTable table = new NatTable(NatLimits.DEFAULT, random);
        long nowNs = 1;
        for (int step = 0; step < STEPS; step++) {
            nowNs += random.nextInt(100) == 0 ? random.nextLong(400_000_000_000L) : 1_000_000;
            int space = Space.of(true, random.nextBoolean() ? Udp.PROTOCOL : Icmp.PROTOCOL_V4);
            long remote = 1000L + random.nextInt(REMOTES);
            // Few ports of both ranges, so that they collide.
            int port = (random.nextBoolean() ? 500 : 5000) + random.nextInt(PORTS);
            if (random.nextInt(3) > 0) {
                long client = 1L + random.nextInt(CLIENTS);
                send(table, new Inside(space, client, port), remote, nowNs);
            } else {
                List<Outside> known = new ArrayList<>(byOutside.keySet());
                Outside outside =
                        known.isEmpty() || random.nextBoolean()
                                ? new Outside(space, port)
                                : known.get(random.nextInt(known.size()));
                receive(table, outside, remote, nowNs);
            }
            if (random.nextInt(10) == 0) {
                table.sweep(50, nowNs);
            }
        }
    }

    private void send(NatTable table, Inside inside, long remote, long nowNs) {
        int space = inside.space();
        int mapping =
                table.outbound(
                        space,
                        0,
                        inside.client(),
                        inside.port(),
                        0,
                        remote,
                        7,
                        0,
                        false,
                        true,
                        nowNs);
        assertTrue(mapping >= 0);
        int outsidePort = table.outsidePort(mapping);
        Model model = byInside.get(inside);
        if (model == null || !model.isLive(nowNs)) {
            Model holder = byOutside.get(new Outside(space, inside.port()));
            boolean free = holder == null || !holder.isLive(nowNs);
            if (free) {
                assertEquals(inside.port(), outsidePort, "a free port is kept");
            } else {
                assertEquals(inside.port() & 1, outsidePort & 1);
                assertEquals(inside.port() < 1024, outsidePort < 1024);
                Model owner = byOutside.get(new Outside(space, outsidePort));
                assertTrue(owner == null || !owner.isLive(nowNs), "no port has two owners");
            }
            model = new Model(inside, outsidePort);
            byInside.put(inside, model);
            byOutside.put(new Outside(space, outsidePort), model);
        }
        assertEquals(model.outsidePort, outsidePort, "one port for all destinations");
        long lifetimeNs = Space.isUdp(space) ? NatTable.UDP_NS : NatTable.ICMP_NS;
        model.deadlines.put(remote, nowNs + lifetimeNs);
    }

    private void receive(NatTable table, Outside outside, long remote, long nowNs) {
        int mapping = table.inbound(outside.space(), outside.port(), 0, remote, 7, 0, nowNs);
        Model model = byOutside.get(outside);
        if (model == null || !model.isLive(nowNs)) {
            assertEquals(NatTable.UNKNOWN, mapping);
        } else if (model.deadlines.getOrDefault(remote, Long.MIN_VALUE) <= nowNs) {
            assertEquals(NatTable.FILTERED, mapping);
        } else {
            assertTrue(mapping >= 0);
            assertEquals(model.inside.client(), table.insideLow(mapping));
            assertEquals(model.inside.port(), table.insidePort(mapping));
        }
    }
}
