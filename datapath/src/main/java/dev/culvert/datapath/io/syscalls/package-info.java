/**
 * The I/O engine of plain system calls: one thread per direction reads until there is nothing more,
 * runs the duty on what it read, and waits in poll(2). Works wherever Linux does, also under
 * seccomp profiles that forbid io_uring.
 */
@NullMarked
package dev.culvert.datapath.io.syscalls;

import org.jspecify.annotations.NullMarked;
