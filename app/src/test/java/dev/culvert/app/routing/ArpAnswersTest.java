package dev.culvert.app.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.policy.Uplink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArpAnswersTest {
    private static final List<Uplink> UPLINKS =
            List.of(new Uplink("eth0", 2, List.of(), List.of()));

    @TempDir Path root;

    private Path setting(String link, String value) throws Exception {
        Path file = root.resolve("proc/sys/net/ipv4/conf/" + link + "/arp_ignore");
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
        return file;
    }

    @Test
    void uplinksAnswerForTheirOwnAddressesAlone() throws Exception {
        setting("all", "0");
        Path uplink = setting("eth0", "0");

        assertEquals(List.of(), ArpAnswers.restrict(root, UPLINKS));

        assertEquals("1", Files.readString(uplink).strip());
    }

    @Test
    void stricterSettingsStay() throws Exception {
        setting("all", "0");
        Path uplink = setting("eth0", "8");

        assertEquals(List.of(), ArpAnswers.restrict(root, UPLINKS));

        assertEquals("8", Files.readString(uplink).strip());
    }

    @Test
    void saysWhatCannotBeSet() {
        List<String> refused = ArpAnswers.restrict(root, UPLINKS);

        assertEquals(1, refused.size());
        assertTrue(refused.getFirst().contains("--sysctl net.ipv4.conf.all.arp_ignore=1"));
    }
}
