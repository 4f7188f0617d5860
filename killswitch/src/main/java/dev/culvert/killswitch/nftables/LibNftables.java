package dev.culvert.killswitch.nftables;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** {@code nftables/libnftables.h}, as far as it is used. */
final class LibNftables {
    static final int CTX_DEFAULT = 0;
    static final int OUTPUT_JSON = 1 << 4;
    static final int OUTPUT_NUMERIC_PRIO = 1 << 8;

    static {
        Native.register(LibNftables.class, "libnftables.so.1");
    }

    private LibNftables() {}

    /** Ends the process if there is no socket to be had: {@link NetfilterSocket} asks before. */
    static native Pointer nft_ctx_new(int flags);

    static native void nft_ctx_free(Pointer context);

    static native void nft_ctx_output_set_flags(Pointer context, int flags);

    static native int nft_ctx_buffer_output(Pointer context);

    static native int nft_ctx_buffer_error(Pointer context);

    static native String nft_ctx_get_output_buffer(Pointer context);

    static native String nft_ctx_get_error_buffer(Pointer context);

    static native int nft_run_cmd_from_buffer(Pointer context, String commands);
}
