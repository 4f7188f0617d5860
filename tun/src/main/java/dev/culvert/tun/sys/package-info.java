/**
 * Linux system calls through the C library, by the foreign function interface, and the layouts of
 * the structures they take (x86-64 and aarch64, where they agree).
 *
 * <p>Calls return a value {@code >= 0}, or {@code -errno} as the kernel itself does; {@link
 * dev.culvert.tun.sys.Errno} names it. Nothing here allocates per call, keeps a lock or owns a
 * thread; every method may be called from any thread. A buffer is always {@code (segment, offset,
 * length)}, native, and must stay alive until the call returns.
 */
@NullMarked
package dev.culvert.tun.sys;

import org.jspecify.annotations.NullMarked;
