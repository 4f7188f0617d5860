package dev.culvert.wg.aead;

/** Finds the provider to use. */
public final class AeadProviders {
    private AeadProviders() {}

    /**
     * The provider of that name.
     *
     * @param choice {@code auto} or {@code bouncycastle}
     * @throws IllegalArgumentException with one clear line when there is no such provider
     */
    public static AeadProvider select(String choice) {
        return switch (choice) {
            case "auto", "bouncycastle" -> new BouncyCastleAead();
            default -> throw new IllegalArgumentException("no AEAD provider is named " + choice);
        };
    }
}
