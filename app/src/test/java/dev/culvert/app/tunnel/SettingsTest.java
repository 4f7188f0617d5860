package dev.culvert.app.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @Test
    void hasEverythingOnByDefault() throws Exception {
        Settings settings = Settings.of(Map.of("WG_TUN_FD", "", "CULVERT_IO", ""));
        assertEquals(
                new Settings(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        "auto",
                        "auto",
                        true,
                        true,
                        true,
                        true,
                        true),
                settings);
    }

    @Test
    void readsEachVariable() throws Exception {
        Settings settings =
                Settings.of(
                        Map.of(
                                "WG_TUN_FD", "3",
                                "WG_UAPI_FD", "4",
                                "CULVERT_AEAD", "openssl",
                                "CULVERT_IO", "syscalls",
                                "CULVERT_TUN_OFFLOAD", "off",
                                "CULVERT_TUN_GRO", "on",
                                "CULVERT_UDP_GSO", "off",
                                "CULVERT_UDP_GRO", "on"));
        assertEquals(OptionalInt.of(3), settings.tunFd());
        assertEquals(OptionalInt.of(4), settings.uapiFd());
        assertEquals("openssl", settings.aead());
        assertEquals("syscalls", settings.io());
        assertFalse(settings.tunOffload());
        assertTrue(settings.tunGro());
        assertFalse(settings.udpGso());
        assertTrue(settings.udpGro());
    }

    @ParameterizedTest
    @CsvSource({
        "WG_TUN_FD, x, WG_TUN_FD: \"x\" is not a file descriptor",
        "WG_UAPI_FD, -1, WG_UAPI_FD: \"-1\" is not a file descriptor",
        "CULVERT_UDP_GSO, 1, 'CULVERT_UDP_GSO: \"1\" is not one of on, off'",
        "CULVERT_IO, epoll, 'CULVERT_IO: \"epoll\" is not one of auto, io_uring, syscalls'",
    })
    void refusesOtherValuesInOneLine(String name, String value, String message) {
        Settings.InvalidException refused =
                assertThrows(
                        Settings.InvalidException.class, () -> Settings.of(Map.of(name, value)));
        assertEquals(message, refused.getMessage());
    }
}
