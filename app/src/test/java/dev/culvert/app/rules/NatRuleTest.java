package dev.culvert.app.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.app.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NatRuleTest {
    @Test
    void readsBothKinds() throws Exception {
        List<NatRule> rules =
                NatRule.parse(
                        "masquerade from 10.8.0.7/24 out wg2;\n"
                                + "dnat tcp in wg2 :8080 to 10.8.0.2:80;"
                                + "DNAT udp in wg2 :53 to [fd00::2]:5353");

        assertEquals(3, rules.size());
        NatRule.Masquerade masquerade = (NatRule.Masquerade) rules.get(0);
        assertEquals("10.8.0.0/24", masquerade.from().toString(), "without host bits");
        assertEquals(new Word("wg2", 33), masquerade.out());
        NatRule.PortForward tcp = (NatRule.PortForward) rules.get(1);
        assertEquals("tcp", tcp.protocol());
        assertEquals("wg2", tcp.in().text());
        assertEquals(8080, tcp.port());
        assertEquals("10.8.0.2", tcp.target().getHostAddress());
        assertEquals(80, tcp.targetPort());
        NatRule.PortForward udp = (NatRule.PortForward) rules.get(2);
        assertEquals("udp", udp.protocol());
        assertEquals(16, udp.target().getAddress().length);
    }

    @Test
    void nothingIsNoRule() throws Exception {
        assertEquals(List.of(), NatRule.parse(" ; "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "snat from 10.8.0.0/24 out wg2 | NAT_RULES: character 1: \"snat\": a rule begins with \"masquerade\" or \"dnat\"",
                "masquerade 10.8.0.0/24 out wg2 | NAT_RULES: character 12: \"10.8.0.0/24\": \"from\" has to stand here",
                "masquerade from 0.0.0.0/0 out wg2 | NAT_RULES: character 17: \"0.0.0.0/0\": too large for clients: /8",
                "masquerade from 10.8.0.0/24 | NAT_RULES: character 28: the rule ends too early: \"out\" has to stand here",
                "masquerade from 10.8.0.0/24 out wg2 dnat | NAT_RULES: character 37: \"dnat\": the rule should end here",
                "dnat sctp in wg2 :1 to 10.8.0.2:80 | NAT_RULES: character 6: \"sctp\": \"tcp\" or \"udp\" has to stand here",
                "dnat tcp in wg2 8080 to 10.8.0.2:80 | NAT_RULES: character 17: \"8080\": the port has to stand here, such as :8080",
                "dnat tcp in wg2 :0 to 10.8.0.2:80 | NAT_RULES: character 17: \":0\": ",
                "dnat tcp in wg2 :8080 to 10.8.0.2 | NAT_RULES: character 26: \"10.8.0.2\": address and port have to stand here",
                "dnat tcp in wg2 :8080 to fd00::2:80 | NAT_RULES: character 26: \"fd00::2:80\": an IPv6 address, and no other, stands in brackets",
                "dnat tcp in wg2 :1 to 10.8.0.2:80; dnat tcp in wg2 :1 to 10.8.0.3:80 | NAT_RULES: character 36: \"dnat\": port 1 has a rule already",
                "dnat tcp in wg2 :1 to 10.8.0.2:80; dnat tcp in wg2 :2 to 10.8.0.2:80 | NAT_RULES: character 36: \"dnat\": its target is that of port 1 already",
            })
    void mistakesPointAtTheirCharacter(String text, String message) {
        ConfigException refused = assertThrows(ConfigException.class, () -> NatRule.parse(text));

        assertEquals(
                message.strip(),
                String.valueOf(refused.getMessage()).substring(0, message.strip().length()));
    }
}
