package dev.culvert.killswitch.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "192.168.1.7, 192.168.1.7",
        "192.168.1.129/25, 192.168.1.128/25",
        "fd77:0:0:1::5/64, fd77:0:0:1:0:0:0:0/64",
        "::/0, 0:0:0:0:0:0:0:0/0"
    })
    void clearsHostBits(String text, String subnet) {
        assertEquals(subnet, Subnet.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1/8",
                "10.0.0/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8 ",
                "fd00::/129",
                "router.lan",
                "256.0.0.1",
                "10.0.0.0/8/9",
                "::ffff:10.0.0.0/104"
            })
    void refusesWhatIsNoSubnetAndQuotesIt(String text) {
        String message =
                String.valueOf(
                        assertThrows(IllegalArgumentException.class, () -> Subnet.parse(text))
                                .getMessage());
        assertFalse(message.isBlank());
        assertEquals(1, message.lines().count());
    }

    @Test
    void containsAddressesOfItsFamilyAlone() {
        Subnet subnet = Subnet.parse("10.0.0.0/8");
        assertTrue(subnet.contains(Subnet.parseAddress("10.255.0.1")));
        assertFalse(subnet.contains(Subnet.parseAddress("11.0.0.1")));
        assertFalse(subnet.contains(Subnet.parseAddress("fd00::1")));
    }
}
