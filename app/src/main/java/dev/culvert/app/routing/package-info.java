/**
 * What the kernel has to know beside the tunnel device itself: addresses, routes, policy rules and
 * MTU, as a plan that is computed first and then put into force; where the uplinks are; and whether
 * this is a namespace of which the program may take hold. Thread: the sidecar's.
 */
@NullMarked
package dev.culvert.app.routing;

import org.jspecify.annotations.NullMarked;
