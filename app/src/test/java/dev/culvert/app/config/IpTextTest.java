package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpTextTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "::, ::",
        "::1, ::1",
        "fd00::, fd00::",
        "fd00:13:0:0:0:0:0:2, fd00:13::2",
        "2001:db8:0:1:0:0:0:5, 2001:db8:0:1::5",
        "2001:db8:0:1:2:3:4:5, 2001:db8:0:1:2:3:4:5",
        "2001:db8:100:0:0:10:0:1, 2001:db8:100::10:0:1",
        "1:0:0:0:5:0:0:0, 1::5:0:0:0"
    })
    void writesAddressesAsRfc5952Does(String given, String shortest) {
        assertEquals(shortest, IpText.shortest(InetAddress.ofLiteral(given)));
    }
}
