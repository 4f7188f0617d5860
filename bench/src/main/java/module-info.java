/** Benchmarks: JMH and the end-to-end comparison with wireguard-go. */
module dev.culvert.bench {
    requires dev.culvert.app;
    requires dev.culvert.tun;
    requires jmh.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;
}
