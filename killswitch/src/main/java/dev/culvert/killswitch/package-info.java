/**
 * The kill switch: what may leave a network namespace beside the tunnel, put into the kernel as
 * nftables rules that stay when the process dies. A {@code Policy} says what may pass in a state;
 * {@link dev.culvert.killswitch.KillSwitch} puts it into force. Called by the control side alone;
 * nothing here is on the packet path.
 */
@NullMarked
package dev.culvert.killswitch;

import org.jspecify.annotations.NullMarked;
