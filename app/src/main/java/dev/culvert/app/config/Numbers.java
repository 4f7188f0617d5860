package dev.culvert.app.config;

/** Decimal and hexadecimal numbers within bounds. */
public final class Numbers {
    private Numbers() {}

    public static long decimal(String text, long min, long max, String what)
            throws InvalidValueException {
        return number(text, text, 10, min, max, what);
    }

    /** With {@code 0x} in front it is hexadecimal. */
    static long decimalOrHex(String text, long min, long max, String what)
            throws InvalidValueException {
        return text.startsWith("0x") || text.startsWith("0X")
                ? number(text, text.substring(2), 16, min, max, what)
                : decimal(text, min, max, what);
    }

    private static long number(
            String whole, String digits, int radix, long min, long max, String what)
            throws InvalidValueException {
        boolean plain = !digits.isEmpty() && digits.length() <= 18;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = Character.digit(digits.charAt(i), radix) >= 0 && digits.charAt(i) < 0x80;
        }
        if (plain) {
            long number = Long.parseLong(digits, radix);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new InvalidValueException(
                Quoted.of(whole) + " is no " + what + ": a number from " + min + " to " + max);
    }
}
