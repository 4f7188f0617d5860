package dev.culvert.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.runtime.SwitchBootstraps;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the first packets of a process come by, no pattern switch. The JVM generates a class for
 * each when it is first met, which no cache keeps: 2 to 10 ms, in which the peer's first initiation
 * met a port that was not yet bound, and the peer tries again after 5 s.
 */
final class PatternSwitchTest {
    private static final String BOOTSTRAPS = SwitchBootstraps.class.getName().replace('.', '/');

    @ParameterizedTest
    @ValueSource(
            classes = {
                dev.culvert.tun.TunMonitor.class,
                dev.culvert.datapath.Datapath.class,
                dev.culvert.wg.device.Device.class
            })
    void isInNoClassOfTheModule(Class<?> ofModule) throws Exception {
        URI module = ofModule.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path place = Path.of(module);
        if (Files.isDirectory(place)) {
            check(place);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                check(jar.getPath("/"));
            }
        }
    }

    private static void check(Path root) throws IOException {
        List<Path> classes;
        try (Stream<Path> all = Files.walk(root)) {
            classes = all.filter(path -> path.toString().endsWith(".class")).toList();
        }
        assertTrue(classes.size() > 20, () -> "classes in " + root + ": " + classes.size());
        List<String> switching =
                classes.stream()
                        .map(PatternSwitchTest::parse)
                        .filter(PatternSwitchTest::switchesByPattern)
                        .map(model -> model.thisClass().asInternalName())
                        .toList();
        assertEquals(List.of(), switching);
    }

    private static ClassModel parse(Path path) {
        try {
            return ClassFile.of().parse(Files.readAllBytes(path));
        } catch (IOException unreadable) {
            throw new AssertionError(path.toString(), unreadable);
        }
    }

    private static boolean switchesByPattern(ClassModel model) {
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof MemberRefEntry member
                    && member.owner().asInternalName().equals(BOOTSTRAPS)) {
                return true;
            }
        }
        return false;
    }
}
