package dev.culvert.app.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When something is to be done, as crontab says it: minute, hour, day, month, day of week. */
public final class Schedule {
    private final ExecutionTime times;

    private Schedule(ExecutionTime times) {
        this.times = times;
    }

    static Schedule parse(String text) throws InvalidValueException {
        try {
            CronParser parser =
                    new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
            return new Schedule(ExecutionTime.forCron(parser.parse(text).validate()));
        } catch (IllegalArgumentException no) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + " is no schedule of five fields; for example \"*/15 * * * *\"");
        }
    }

    /** How long until the next time; empty: there is none. */
    public Optional<Duration> untilNext(ZonedDateTime now) {
        return times.timeToNextExecution(now);
    }
}
