package dev.culvert.killswitch.nftables;

import com.sun.jna.Pointer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Commands in the language of {@code nft}, in the network namespace of the calling thread. The
 * commands of one call are one transaction: all of them take effect at once, or none.
 */
public final class Nftables {
    /** Some versions begin with where in the commands it is. */
    private static final Pattern PREFIX = Pattern.compile("^(\\S+ )?Error: ");

    private Nftables() {}

    /**
     * Runs commands.
     *
     * @throws NftablesException if none took effect
     */
    public static void run(String commands) throws NftablesException {
        call(commands, 0);
    }

    /**
     * What a {@code list} command prints.
     *
     * @throws NftablesException if there is no such thing
     */
    public static String list(String commands) throws NftablesException {
        return call(commands, LibNftables.OUTPUT_NUMERIC_PRIO);
    }

    /**
     * The same as JSON, see libnftables-json(5).
     *
     * @throws NftablesException if there is no such thing
     */
    public static String listJson(String commands) throws NftablesException {
        return call(commands, LibNftables.OUTPUT_JSON);
    }

    private static synchronized String call(String commands, int outputFlags)
            throws NftablesException {
        Pointer context = open();
        try {
            LibNftables.nft_ctx_output_set_flags(context, outputFlags);
            LibNftables.nft_ctx_buffer_output(context);
            LibNftables.nft_ctx_buffer_error(context);
            int result = LibNftables.nft_run_cmd_from_buffer(context, commands);
            if (result != 0) {
                throw new NftablesException(explain(LibNftables.nft_ctx_get_error_buffer(context)));
            }
            return LibNftables.nft_ctx_get_output_buffer(context);
        } finally {
            LibNftables.nft_ctx_free(context);
        }
    }

    private static Pointer open() throws NftablesException {
        try {
            NetfilterSocket.check();
            Pointer context = LibNftables.nft_ctx_new(LibNftables.CTX_DEFAULT);
            if (context == null) {
                throw new NftablesException("libnftables does not start");
            }
            return context;
        } catch (LinkageError missing) {
            throw new NftablesException(
                    "libnftables.so.1 cannot be loaded (Debian: libnftables1): "
                            + firstLine(missing.getMessage()),
                    missing);
        }
    }

    /** One line of the several that nft prints, with the remedy that can be told from it. */
    private static String explain(String error) {
        String line = PREFIX.matcher(firstLine(error)).replaceFirst("");
        if (line.contains("Operation not permitted")) {
            return "nf_tables: not permitted: CAP_NET_ADMIN is missing";
        }
        return "nf_tables: " + line;
    }

    private static String firstLine(@Nullable String text) {
        return text == null
                ? "no reason given"
                : text.lines().findFirst().orElse("no reason given");
    }
}
