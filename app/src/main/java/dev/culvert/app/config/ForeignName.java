package dev.culvert.app.config;

/**
 * What users of another program call a variable of ours.
 *
 * @param name that does nothing here
 */
public record ForeignName(Program program, String name) {
    /** Programs whose users come over. */
    public enum Program {
        GLUETUN("gluetun"),
        LINUXSERVER("linuxserver/wireguard"),
        NORDVPN("azinchen/nordvpn-wg"),
        WG_EASY("wg-easy");

        private final String label;

        Program(String label) {
            this.label = label;
        }

        /** Its name. */
        public String label() {
            return label;
        }
    }
}
