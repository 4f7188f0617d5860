/**
 * The text of the cross-platform configuration protocol that {@code wg} speaks ({@code get=1},
 * {@code set=1}): requests parsed into records, snapshots written as answers. Text only: no socket,
 * no thread; each object belongs to one thread at a time. The format is the "Cross-platform
 * Userspace Implementation" document of WireGuard.
 */
@NullMarked
package dev.culvert.wg.uapi;

import org.jspecify.annotations.NullMarked;
