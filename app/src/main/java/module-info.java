/** The program: command line, UAPI socket, tunnels. */
module dev.culvert.app {
    requires dev.culvert.datapath;
    requires dev.culvert.wg;
    requires dev.culvert.tun;
    requires dev.culvert.killswitch;
    requires com.cronutils;
    requires com.fasterxml.jackson.core;
    requires com.google.zxing;
    requires info.picocli;
    requires jdk.httpserver;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires static transitive org.jspecify;

    exports dev.culvert.app.log to
            org.slf4j;
}
