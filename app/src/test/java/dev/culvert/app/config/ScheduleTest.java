package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTest {
    /** A Saturday. */
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-21T16:10:20Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *        | 40",
                "*/15 * * * *     | 280",
                "0 4 * * *        | 42580",
                "0 0 * * 0        | 28180",
                "0 0 * * 7        | 28180",
                "*/30 * * * * *   | 10",
                "5 * * * * *      | 45",
                "0 */15 * * * *   | 280",
                "0 0 4 * * *      | 42580",
                "0 0 0 * * 0      | 28180",
            })
    void saysHowLongUntilTheNextTime(String text, long seconds) throws Exception {
        assertEquals(seconds, Schedule.parse(text).untilNext(NOW).orElseThrow().toSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "60 * * * * *", "* * * * * * *", "@reboot now"})
    void refusesWhatIsNone(String text) {
        assertThrows(InvalidValueException.class, () -> Schedule.parse(text));
    }
}
