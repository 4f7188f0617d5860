/** The trie against an oracle that looks at every prefix. */
@NullMarked
package dev.culvert.wg.allowedips;

import org.jspecify.annotations.NullMarked;
