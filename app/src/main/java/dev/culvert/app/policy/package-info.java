/**
 * The policy of the kill switch, put together from what each tunnel needs in its stage. What is
 * changed is in force when the call returns. Thread: the sidecar's.
 */
@NullMarked
package dev.culvert.app.policy;

import org.jspecify.annotations.NullMarked;
