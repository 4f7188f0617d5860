package dev.culvert.tun;

import dev.culvert.tun.sys.ErrnoException;

/** Is told of changes on the monitor's thread, one at a time and in order; must return soon. */
public interface TunListener {
    /** The link went up, or is up at the start. */
    void up();

    /** The link went down. */
    void down();

    /** The link's MTU is now another than {@link TunDevice#mtu()} was. */
    void mtu(int mtu);

    /** The device is gone, and reads fail with {@code EBADFD}. Nothing follows. */
    void deleted();

    /**
     * Local addresses or routes changed where the UDP sockets are: a remembered source address may
     * be gone.
     */
    void routesChanged();

    /**
     * The device's state cannot be followed for now, such as for lack of a capability; deletion
     * still is.
     */
    void unobservable(ErrnoException why);
}
