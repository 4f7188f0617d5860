package dev.culvert.app.status;

/** Of the program, as its jar says. */
public final class Version {
    private Version() {}

    /** {@code 0.1.0}. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
