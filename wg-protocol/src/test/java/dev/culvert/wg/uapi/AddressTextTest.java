package dev.culvert.wg.uapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1",
                "1.2.3",
                "1.2.3.",
                "1.2.3.4.",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.04",
                "01.2.3.4",
                "1.2.3.-4",
                "1.2.3.+4",
                "1..2.3",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.0x4",
                ":",
                ":::",
                "1:",
                ":1",
                "1:2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:::2",
                "::1%eth0",
                "[::1]",
                "::1 ",
                "1:2:3:4:5:6:7:"
            })
    void refusesWhatIsNoAddress(String text) {
        assertNull(parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "10.0.0.1, 10.0.0.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "FE80::A, fe80::a",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::ffff:192.0.2.1, ::ffff:c000:201",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    })
    void readsAnAddressAndWritesItsCanonicalForm(String text, String canonical) {
        assertEquals(canonical, write(parse(text)));
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            for (int at = 0; at < address.length; at++) {
                address[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
            }
            String text = write(address);
            assertArrayEquals(address, parse(text), text);
            if (address.length == 16) {
                byte[] jdk = Inet6Address.ofLiteral(text).getAddress();
                if (jdk.length == 16) { // the JDK turns IPv4-mapped addresses into IPv4
                    assertArrayEquals(jdk, address, text);
                }
                String plain = Inet6Address.getByAddress(null, address, -1).getHostAddress();
                assertArrayEquals(address, parse(plain), plain);
            }
        }
    }

    private static byte @Nullable [] parse(String text) {
        byte[] buf = ("/" + text + "/").getBytes(StandardCharsets.ISO_8859_1);
        return AddressText.parse(buf, 1, buf.length - 1);
    }

    private static String write(byte @Nullable [] address) {
        assertNotNull(address);
        StringBuilder out = new StringBuilder();
        AddressText.append(out, address);
        return out.toString();
    }
}
