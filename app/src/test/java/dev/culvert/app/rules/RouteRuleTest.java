package dev.culvert.app.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.app.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteRuleTest {
    private static final List<String> LINKS = List.of("wg1", "wg2", "wg3");

    @Test
    void readsWaysWithBackupsAndPermissions() throws Exception {
        List<RouteRule> rules =
                RouteRule.parse(
                        "192.168.99.0/24 via wg3 backup wg2 BACKUP wg1;\n"
                                + " from 10.8.0.7/24 to 10.9.0.0/24 allow ; fd00::/8 via wg1;",
                        LINKS);

        assertEquals(3, rules.size());
        RouteRule.Via via = (RouteRule.Via) rules.get(0);
        assertEquals("192.168.99.0/24", via.destination().toString());
        assertEquals(List.of("wg3", "wg2", "wg1"), via.links());
        RouteRule.Allow allow = (RouteRule.Allow) rules.get(1);
        assertEquals("10.8.0.0/24", allow.from().toString(), "without host bits");
        assertEquals("10.9.0.0/24", allow.to().toString());
        assertEquals(List.of("wg1"), ((RouteRule.Via) rules.get(2)).links());
    }

    @Test
    void nothingIsNoRule() throws Exception {
        assertEquals(List.of(), RouteRule.parse(" ;\n;", LINKS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "10.0.0.0/8 vai wg1 | ROUTE_RULES: character 12: \"vai\": \"via\" has to stand here",
                "10.0.0.0/8 via     | ROUTE_RULES: character 15: the rule ends too early: the name of",
                "10.0.0.0/33 via wg1| ROUTE_RULES: character 1: \"33\" is no prefix length",
                "10.0.0.0/8 via wg9 | ROUTE_RULES: character 16: \"wg9\": there is no such tunnel, there are wg1, wg2, wg3",
                "10.0.0.0/8 via wg1 wg2 | ROUTE_RULES: character 20: \"wg2\": the rule should end here",
                "10.0.0.0/8 via wg1 backup wg1 | ROUTE_RULES: character 27: \"wg1\": stands in this rule already",
                "10.0.0.0/8 via wg1; 10.0.0.0/8 via wg2 | ROUTE_RULES: character 21: \"10.0.0.0/8\": has a rule already",
                "from 10.8.0.0/24 to fd00::/8 allow | ROUTE_RULES: character 21: \"fd00::/8\": IPv4 on one side",
                "from 10.8.0.0/24 to 10.9.0.0/24 | ROUTE_RULES: character 32: the rule ends too early: \"allow\"",
                "from 10.8.0.0/24 10.9.0.0/24 | ROUTE_RULES: character 18: \"10.9.0.0/24\": \"to\" has to stand here",
                "via wg1 | ROUTE_RULES: character 1: \"via\" is not an address with a prefix length",
            })
    void mistakesPointAtTheirCharacter(String text, String message) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> RouteRule.parse(text, LINKS));

        assertEquals(message, String.valueOf(refused.getMessage()).substring(0, message.length()));
    }

    @Test
    void eachRuleSaysItsOwn() {
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () -> RouteRule.parse("x via wg1; y via wg2", LINKS));

        assertEquals(2, refused.problems().size());
    }
}
