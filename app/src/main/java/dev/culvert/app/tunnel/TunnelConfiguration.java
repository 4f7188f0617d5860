package dev.culvert.app.tunnel;

import dev.culvert.app.uapi.UapiDevice;
import dev.culvert.datapath.Datapath;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the UAPI socket sets and shows. */
final class TunnelConfiguration implements UapiDevice {
    private final Datapath datapath;

    TunnelConfiguration(Datapath datapath) {
        this.datapath = datapath;
    }

    @Override
    public int set(UapiSet change) {
        return datapath.set(change);
    }

    @Override
    public DeviceSnapshot get() {
        return datapath.snapshot();
    }

    @Override
    public Map<String, Long> statistics() {
        DatapathStatistics statistics = datapath.statistics();
        Map<String, Long> shown = new LinkedHashMap<>();
        for (Map.Entry<DropReason, Long> drop : statistics.drops().entrySet()) {
            shown.put("drop-" + drop.getKey().label(), drop.getValue());
        }
        shown.put("tun-packets-written", statistics.tunPacketsWritten());
        shown.put("tun-super-packets-written", statistics.tunSuperPacketsWritten());
        shown.put("tun-super-packets-refused", statistics.tunSuperPacketsRefused());
        shown.put("tun-packets-lost", statistics.tunPacketsLost());
        shown.put("udp-segmentation-refusals", statistics.udpSegmentationRefusals());
        shown.put("unreachable-answers", statistics.unreachableAnswers());
        return shown;
    }
}
