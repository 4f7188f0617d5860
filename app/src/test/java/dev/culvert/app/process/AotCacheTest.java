package dev.culvert.app.process;

import static dev.culvert.app.process.Dist.accepts;
import static dev.culvert.app.process.Dist.interfaceName;
import static dev.culvert.app.process.Dist.launcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way to the UAPI socket is rehearsed as a whole when the program is built: one class that is
 * not in the cache makes the JVM open and index the jars, each lambda that is not makes it spin a
 * class.
 */
@Tag("netns")
final class AotCacheTest {
    private static final String CACHED = "source: shared objects file";

    private final String wg = interfaceName();
    private final NetworkNamespace namespace = NetworkNamespace.create("aot");

    @TempDir Path folder;

    @AfterEach
    void close() {
        Dist.close(namespace, wg);
    }

    @Test
    void holdsEveryClassOfTheStart() throws Exception {
        Path log = folder.resolve("classes");
        namespace.start(
                List.of("CULVERT_JAVA_OPTS=-Xlog:class+load=info:file=" + log),
                launcher().toString(),
                "--foreground",
                wg);
        NetworkNamespace.await(Dist.PATIENCE, () -> accepts(wg), () -> "no socket");
        List<String> loaded = Files.readAllLines(log);
        long cached = loaded.stream().filter(line -> line.contains(CACHED)).count();
        assertTrue(cached > 2_000, () -> cached + " classes from the cache");
        assertEquals(List.of(), loaded.stream().filter(AotCacheTest::isMissing).toList());
    }

    private static boolean isMissing(String line) {
        boolean ownLambda = line.contains(" dev.culvert.") && line.contains("$$Lambda");
        return line.contains(" source: file:") || (ownLambda && !line.contains(CACHED));
    }
}
