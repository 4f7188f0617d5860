/** How the kernel schedules the packet threads, by what they have to do. */
@NullMarked
package dev.culvert.datapath.scheduling;

import org.jspecify.annotations.NullMarked;
