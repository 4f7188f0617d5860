package dev.culvert.app.log;

import static dev.culvert.app.config.MonitoringVariable.LOG_FORMAT;
import static dev.culvert.app.config.MonitoringVariable.LOG_LEVEL;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.ProcessEnvironment;
import dev.culvert.app.config.Variable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Configures Logback when the first logger is made: called by {@link LogProvider}. The level is
 * {@code LOG_LEVEL}'s; lines carry the interface name, see {@link #PROPERTY_INTERFACE}.
 */
public final class LogConfigurator {
    /** System property: the interface name that each line shows. */
    public static final String PROPERTY_INTERFACE = "culvert.interface";

    /** System property: {@code true} shows what happens where {@code LOG_LEVEL} says nothing. */
    public static final String PROPERTY_TELLING = "culvert.telling";

    private LogConfigurator() {}

    static void configure(LoggerContext context) {
        String name = System.getProperty(PROPERTY_INTERFACE, "-");
        boolean telling = Boolean.getBoolean(PROPERTY_TELLING);
        Encoder<ILoggingEvent> encoder =
                choice(LOG_FORMAT).equals("json")
                        ? new JsonEncoder(name)
                        : new LineEncoder(name, telling);
        encoder.setContext(context);
        encoder.start();

        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new FileOutputStream(FileDescriptor.err));
        QuietThreads quiet = new QuietThreads();
        quiet.start();
        appender.addFilter(quiet);
        appender.start();

        String wanted = choice(LOG_LEVEL);
        Level level = wanted.isEmpty() && telling ? Level.INFO : LogLevel.of(wanted).level();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.culvert").setLevel(level);
    }

    private static String choice(Variable variable) {
        try {
            return variable.choice(ProcessEnvironment.read());
        } catch (InvalidValueException saidByWhoeverStarts) {
            return variable.definition().absent();
        }
    }
}
