package dev.culvert.app.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * When something is to be done, as crontab says it: minute, hour, day, month, day of week. A sixth
 * field, in front of them, is the second.
 */
public final class Schedule {
    private static final int FIELDS_WITH_SECONDS = 6;

    private final ExecutionTime times;

    private Schedule(ExecutionTime times) {
        this.times = times;
    }

    static Schedule parse(String text) throws InvalidValueException {
        boolean seconds = text.strip().split("\\s+", -1).length == FIELDS_WITH_SECONDS;
        CronType type = seconds ? CronType.SPRING : CronType.UNIX;
        try {
            CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
            return new Schedule(ExecutionTime.forCron(parser.parse(text).validate()));
        } catch (IllegalArgumentException no) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + " is no schedule of five fields, or six with seconds; for example \"*/15 * * * *\"");
        }
    }

    /** How long until the next time; empty: there is none. */
    public Optional<Duration> untilNext(ZonedDateTime now) {
        return times.timeToNextExecution(now);
    }
}
