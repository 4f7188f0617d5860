/**
 * The home thread of a tunnel: handshakes, timers, staged packets, keepalives, configuration, up
 * and down. It owns the {@link dev.culvert.wg.device.Device}; everybody else sends it commands. It
 * waits in poll(2) on an eventfd and a timerfd of CLOCK_BOOTTIME, the clock that goes on while the
 * machine sleeps.
 */
@NullMarked
package dev.culvert.datapath.home;

import org.jspecify.annotations.NullMarked;
