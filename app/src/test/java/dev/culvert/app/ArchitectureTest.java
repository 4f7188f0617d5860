package dev.culvert.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between modules and packages. module-info.java holds those between modules as well.
 */
@AnalyzeClasses(packages = "dev.culvert", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule arrowsRunOneWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInAnyPackage("dev.culvert..")
                    .layer("app")
                    .definedBy("dev.culvert.app..")
                    .layer("datapath")
                    .definedBy("dev.culvert.datapath..")
                    .layer("killswitch")
                    .definedBy("dev.culvert.killswitch..")
                    .layer("wg")
                    .definedBy("dev.culvert.wg..")
                    .layer("tun")
                    .definedBy("dev.culvert.tun..")
                    .whereLayer("app")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("datapath")
                    .mayOnlyBeAccessedByLayers("app")
                    .whereLayer("killswitch")
                    .mayOnlyBeAccessedByLayers("app")
                    .whereLayer("wg")
                    .mayOnlyBeAccessedByLayers("app", "datapath")
                    .whereLayer("tun")
                    .mayOnlyBeAccessedByLayers("app", "datapath")
                    .withOptionalLayers(true);

    @ArchTest
    static final ArchRule engineKnowsNoSocketThreadClockOrRandomness =
            noClasses()
                    .that()
                    .resideInAPackage("dev.culvert.wg..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.net..",
                            "java.nio.channels..",
                            "java.time..",
                            "java.util.concurrent.locks..",
                            "io.netty..",
                            "org.slf4j..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.Thread")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.security.SecureRandom")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.culvert.(*).(**)")
                    .should()
                    .beFreeOfCycles()
                    // A keypair names its peer and a peer its keypair: a pair that is read
                    // together.
                    .ignoreDependency(
                            resideInAPackage("dev.culvert.wg.transport"),
                            resideInAPackage("dev.culvert.wg.peer"));

    @ArchTest
    static final ArchRule systemCallsAreInOnePlace =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.culvert.tun.sys..",
                            "dev.culvert.wg.aead..",
                            "dev.culvert.wg.x25519..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.foreign.Linker");
}
