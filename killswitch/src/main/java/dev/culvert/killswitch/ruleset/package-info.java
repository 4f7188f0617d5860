/**
 * From a policy to nftables: chains and rules as data, and the text of the one transaction that
 * puts them in place of what was there.
 */
@NullMarked
package dev.culvert.killswitch.ruleset;

import org.jspecify.annotations.NullMarked;
