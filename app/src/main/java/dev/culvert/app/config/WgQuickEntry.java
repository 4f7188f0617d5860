package dev.culvert.app.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One {@code key = value} line; the value is {@code file[start..end)}, which may be a secret and so
 * becomes a string only where it is none.
 */
@SuppressWarnings("ArrayRecordComponent") // A view of the file, never compared.
record WgQuickEntry(int line, WgQuickKey key, byte[] file, int start, int end) {
    /** Not for secrets. */
    String text() {
        return new String(file, start, end - start, StandardCharsets.UTF_8);
    }

    /** The parts between commas, none of them empty. */
    List<String> list() throws InvalidValueException {
        List<String> parts = new ArrayList<>();
        for (String part : text().split(",", -1)) {
            String trimmed = part.strip();
            if (trimmed.isEmpty()) {
                throw new InvalidValueException(
                        "there is nothing between two commas, or at the end");
            }
            parts.add(trimmed);
        }
        return parts;
    }

    Secret secret() throws InvalidValueException {
        return Secret.ofBase64(file, start, end - start);
    }

    @Override
    public String toString() {
        return key.label + " of line " + line;
    }
}
