/**
 * Black-box tests: real programs, real packets, network namespaces.
 *
 * <p>The program under test is {@code dist/culvert/bin/culvert} ({@code make build}), started as a
 * user would start it. {@code -Dculvert.program=/usr/bin/wireguard-go} puts another one in its
 * place, which tells a wrong test from a wrong program.
 */
@NullMarked
package dev.culvert.app.interop;

import org.jspecify.annotations.NullMarked;
