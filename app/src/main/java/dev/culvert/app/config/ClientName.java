package dev.culvert.app.config;

import java.util.regex.Pattern;

/** What a client of the server is called: a number, or a name. */
public record ClientName(String text) implements Comparable<ClientName> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");

    /** Refuses what cannot be part of the name of a folder. */
    public static ClientName parse(String text) throws InvalidValueException {
        boolean number = text.matches("[0-9]+");
        if (!FORM.matcher(text).matches() || (number && !NUMBER.matcher(text).matches())) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + " is no name of a client: 1 to 32 letters, digits or _ -, or a"
                            + " number from 1 on");
        }
        return new ClientName(text);
    }

    boolean isNumber() {
        return NUMBER.matcher(text).matches();
    }

    /** {@code peer1}, {@code peer_laptop}: as linuxserver/wireguard names its folder. */
    public String folder() {
        return (isNumber() ? "peer" : "peer_") + text;
    }

    /** Numbers first. */
    @Override
    public int compareTo(ClientName other) {
        if (isNumber() && other.isNumber()) {
            return Integer.compare(Integer.parseInt(text), Integer.parseInt(other.text));
        }
        return isNumber() == other.isNumber() ? text.compareTo(other.text) : isNumber() ? -1 : 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
