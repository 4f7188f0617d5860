package dev.culvert.tun.netns;

/** How a command ended: its exit code, and its standard output and error together. */
public record Execution(int exitCode, String output) {}
