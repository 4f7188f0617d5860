package dev.culvert.wg.aead;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the provider to use, once at start-up. Every one passes a known-answer test first. */
public final class AeadProviders {
    /** The choice of the fastest provider that works here. */
    public static final String AUTO = "auto";

    /** The names of the providers, fastest first. */
    public static final List<String> NAMES =
            List.of("ipsec-mb", "boringssl", "openssl", "jdk", "bouncycastle");

    private AeadProviders() {}

    /**
     * The provider of that name, or the fastest that works.
     *
     * @param choice {@code auto} or one of {@link #NAMES}
     * @throws IllegalArgumentException with one clear line when the provider does not work here or
     *     there is none of that name
     */
    public static AeadProvider select(String choice) {
        List<String> candidates = choice.equals(AUTO) ? NAMES : List.of(choice);
        AeadUnavailableException failure = null;
        for (String name : candidates) {
            try {
                AeadProvider provider = load(name);
                KnownAnswer.check(provider);
                return provider;
            } catch (AeadUnavailableException e) {
                failure = e;
            }
        }
        throw new IllegalArgumentException(message(choice, failure), failure);
    }

    private static AeadProvider load(String name) throws AeadUnavailableException {
        return switch (name) {
            case "ipsec-mb" -> IpsecMbAead.load();
            case "boringssl" -> BoringSslAead.load();
            case "openssl" -> OpenSslAead.load();
            case "jdk" -> JdkAead.load();
            case "bouncycastle" -> new BouncyCastleAead();
            default -> throw new AeadUnavailableException("no such provider", null);
        };
    }

    private static String message(String choice, @Nullable Exception failure) {
        String reason = failure == null ? "" : ": " + failure.getMessage();
        return "AEAD provider "
                + choice
                + " cannot be used"
                + reason
                + "; choose auto, "
                + String.join(", ", NAMES);
    }
}
