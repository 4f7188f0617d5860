package dev.culvert.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Meters that come and go with what is reported: between {@link #begin} and {@link #end} each is
 * told its value, and those that were not told one are removed. One thread at a time.
 */
final class Readings {
    private final MeterRegistry registry;
    private final Map<Key, Reading> readings = new HashMap<>();
    private long round;

    private record Key(String name, Tags tags) {}

    private static final class Reading {
        final Meter meter;
        private double value;
        private long round;

        Reading(Registration registration) {
            meter = registration.register(this);
        }

        double value() {
            return value;
        }
    }

    @FunctionalInterface
    private interface Registration {
        Meter register(Reading reading);
    }

    Readings(MeterRegistry registry) {
        this.registry = registry;
    }

    void begin() {
        round++;
    }

    /** A total; its name gets {@code _total}. */
    void counter(String name, @Nullable String unit, String help, Tags tags, Number value) {
        tell(
                new Key(name, tags),
                reading ->
                        FunctionCounter.builder(name, reading, Reading::value)
                                .baseUnit(unit)
                                .description(help)
                                .tags(tags)
                                .register(registry),
                value);
    }

    /** A value that goes up and down. */
    void gauge(String name, @Nullable String unit, String help, Tags tags, Number value) {
        tell(
                new Key(name, tags),
                reading ->
                        Gauge.builder(name, reading, Reading::value)
                                .baseUnit(unit)
                                .description(help)
                                .tags(tags)
                                .register(registry),
                value);
    }

    private void tell(Key key, Registration registration, Number value) {
        Reading reading = readings.computeIfAbsent(key, unknown -> new Reading(registration));
        reading.value = value.doubleValue();
        reading.round = round;
    }

    void end() {
        Iterator<Reading> all = readings.values().iterator();
        while (all.hasNext()) {
            Reading reading = all.next();
            if (reading.round != round) {
                registry.remove(reading.meter);
                all.remove();
            }
        }
    }
}
