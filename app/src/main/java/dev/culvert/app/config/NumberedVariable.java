package dev.culvert.app.config;

import org.jspecify.annotations.Nullable;

/** A part of one of several tunnels: {@code WG1_PRIVATE_KEY} is {@link #PRIVATE_KEY}. */
public enum NumberedVariable implements Variable {
    INTERFACE(null, Definition.of("a name", "of the interface; without it `wgN`")),
    PRIVATE_KEY(WgQuickKey.PRIVATE_KEY, Definition.of("a secret", "as `PrivateKey` of a file")),
    ADDRESS(WgQuickKey.ADDRESS, Definition.of("`10.8.0.1/24`", "as `Address` of a file")),
    PORT(WgQuickKey.LISTEN_PORT, Definition.of("a port", "as `ListenPort` of a file")),
    DNS(WgQuickKey.DNS, Definition.of("addresses", "as `DNS` of a file")),
    MTU(WgQuickKey.MTU, Definition.of("a number", "as `MTU` of a file")),
    TABLE(WgQuickKey.TABLE, Definition.of("`auto`, `off`, a number", "as `Table` of a file")),
    PEERS(
            null,
            Definition.of(
                    "`PublicKey=... Endpoint=192.0.2.1:51820 AllowedIPs=10.8.0.0/24; PublicKey=...`",
                    "peers between semicolons, keys as in a file between blanks")),
    CONFIG(
            null,
            Definition.of("the text of a wg-quick file", "instead of all the others but the name"));

    /** The key of a file that it becomes; null: none. */
    final @Nullable WgQuickKey key;

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    NumberedVariable(@Nullable WgQuickKey key, Definition definition) {
        this.key = key;
        this.definition = definition.orFile();
    }

    @Override
    public Definition definition() {
        return definition;
    }

    @Override
    public String label() {
        return "WGn_" + name();
    }

    /**
     * Of one tunnel.
     *
     * @param prefix {@code WG1_}
     */
    String of(String prefix) {
        return prefix + name();
    }
}
