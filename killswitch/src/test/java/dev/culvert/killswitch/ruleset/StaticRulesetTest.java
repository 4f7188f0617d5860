package dev.culvert.killswitch.ruleset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Exemptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The rulesets that the launcher puts in place before there is a Java runtime are the compiler's,
 * to the letter. After a change of the compiler write them anew with {@code
 * -Dtest=StaticRulesetTest -Dculvert.writeRulesets=true}.
 */
class StaticRulesetTest {
    private static final Path DIRECTORY = Path.of("src/main/nft");

    /** What the launcher defines: it knows the links, not what they are for. */
    private static final BaseChain ALL_UPLINKS =
            new BaseChain("egress", List.of("$uplinks"), List.of(Rule.drop(Reason.RAW, "")));

    private static final Ruleset ARMED =
            new PolicyCompiler(1).compile(new Armed(List.of(), Exemptions.NONE));

    @Test
    void armedForSockets() throws IOException {
        check("arm.nft", ARMED.transaction(Layers.L1, Map.of()));
    }

    @Test
    void armedForSocketsAndFrames() throws IOException {
        Ruleset both =
                new Ruleset(
                        ARMED.state(),
                        List.of(),
                        ARMED.sockets(),
                        List.of(),
                        Optional.of(ALL_UPLINKS));
        check("arm-egress.nft", both.transaction(Layers.L1_AND_L2, Map.of()));
    }

    @Test
    void disarmed() throws IOException {
        check("disarm.nft", Ruleset.removal());
    }

    private static void check(String name, String expected) throws IOException {
        Path file = DIRECTORY.resolve(name);
        if (Boolean.getBoolean("culvert.writeRulesets")) {
            Files.writeString(file, expected);
        }
        assertEquals(expected, Files.readString(file), file.toString());
    }
}
