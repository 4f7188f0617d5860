package dev.culvert.bench.endtoend;

import java.util.List;

/**
 * A program that serves a tunnel. It is started as {@code command IFNAME} in the foreground.
 *
 * @param name as the report shows it
 * @param environment settings as {@code NAME=value}
 */
record Implementation(String name, List<String> command, List<String> environment) {}
