package dev.culvert.datapath;

/**
 * Told what ends a tunnel. Called by threads of the data path; must not block and must not call
 * back into it, but may hand over to another thread which closes it.
 */
public interface DatapathListener {
    /**
     * The TUN device was deleted, or cannot be read any more for another reason.
     *
     * @param errno positive errno
     */
    void onTunGone(int errno);

    /** A bug: a thread of the data path has ended, packets no longer pass in at least one way. */
    void onCrash(Throwable bug);
}
