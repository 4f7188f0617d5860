package dev.culvert.app.config;

/**
 * One mistake.
 *
 * @param source path of the file, or name of the environment variable
 * @param line from 1 on; 0: of the whole source
 * @param key empty: of the whole line
 * @param reason what is wrong and what would be right
 */
public record ConfigProblem(String source, int line, String key, String reason) {
    /** {@code /config/wg0.conf:3: Address: ...}, one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        return text.append(reason).toString();
    }
}
