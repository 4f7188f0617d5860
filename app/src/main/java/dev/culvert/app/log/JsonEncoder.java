package dev.culvert.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * One event, one line, one object: {@code time}, {@code level}, {@code interface}, {@code message},
 * and {@code exception} with its stack trace where a bug shows.
 */
final class JsonEncoder extends EventEncoder {
    private final JsonFactory factory = new JsonFactory();
    private final String interfaceName;

    JsonEncoder(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = factory.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", time(event).toString());
            json.writeStringField("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            json.writeStringField("interface", interfaceName);
            json.writeStringField("message", event.getFormattedMessage());
            IThrowableProxy bug = event.getThrowableProxy();
            if (bug != null) {
                json.writeStringField("exception", ThrowableProxyUtil.asString(bug));
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return line.toByteArray();
    }
}
