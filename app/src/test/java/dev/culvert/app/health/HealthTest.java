package dev.culvert.app.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HealthTest {
    @TempDir Path folder;

    @Test
    void saysNothingBeforeTheFirstTurn() {
        Health health = new Health(folder.resolve("1.health"));

        assertFalse(health.isLive());
        assertFalse(health.readiness().ready());
    }

    @Test
    void leavesALineForTheLauncher() throws Exception {
        Path file = folder.resolve("deeper/1.health");
        Health health = new Health(file);

        health.turned(new Readiness(false, "name\nof\nan endpoint"));

        String[] words = Files.readString(file).split(" ", 4);
        assertEquals("1", words[0]);
        long leftS =
                Long.parseLong(words[1])
                        - (long)
                                Double.parseDouble(
                                        Files.readString(Path.of("/proc/uptime"))
                                                .split(" ", -1)[0]);
        assertTrue(leftS > 0 && leftS <= Health.VALID_S, "valid for " + leftS + " s");
        assertEquals(ProcessHandle.current().pid(), Long.parseLong(words[2]));
        assertEquals("name of an endpoint\n", words[3]);

        health.turned(new Readiness(true, "connected"));

        assertTrue(health.isLive());
        assertTrue(health.readiness().ready());
        assertTrue(Files.readString(file).startsWith("0 "));
    }

    @Test
    void takesItsWordBackAtTheEnd() {
        Path file = folder.resolve("1.health");
        Health health = new Health(file);
        health.turned(new Readiness(true, "connected"));

        health.end();

        assertFalse(Files.exists(file));
        assertFalse(health.isLive());
        assertFalse(health.readiness().ready());
    }

    @Test
    void doesWithoutAPlaceForItsFile() throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("file"));
        Health health = new Health(notAFolder.resolve("1.health"));

        health.turned(new Readiness(true, "connected"));

        assertTrue(health.readiness().ready());
    }
}
