package dev.culvert.datapath.nat;

/** ICMP messages as RFC 5508 sorts them: queries by identifier, and errors. */
final class IcmpTypes {
    /** Of queries and their answers, in both versions. */
    static final int IDENTIFIER_OFFSET = 4;

    static final int V6_ECHO_REQUEST = 128;
    static final int V6_ECHO_REPLY = 129;

    private static final int V4_ECHO_REPLY = 0;
    private static final int V4_UNREACHABLE = 3;
    private static final int V4_ECHO_REQUEST = 8;
    private static final int V4_TIME_EXCEEDED = 11;
    private static final int V4_PARAMETER_PROBLEM = 12;
    private static final int V4_TIMESTAMP = 13;
    private static final int V4_TIMESTAMP_REPLY = 14;
    private static final int V6_FIRST_ERROR = 1;
    private static final int V6_LAST_ERROR = 4;

    private IcmpTypes() {}

    static boolean isQueryV4(int type) {
        return type == V4_ECHO_REQUEST || type == V4_TIMESTAMP;
    }

    static boolean isAnswerV4(int type) {
        return type == V4_ECHO_REPLY || type == V4_TIMESTAMP_REPLY;
    }

    /** Not redirects, which concern one link, nor source quench, which is dead (RFC 6633). */
    static boolean isErrorV4(int type) {
        return type == V4_UNREACHABLE || type == V4_TIME_EXCEEDED || type == V4_PARAMETER_PROBLEM;
    }

    static boolean isErrorV6(int type) {
        return type >= V6_FIRST_ERROR && type <= V6_LAST_ERROR;
    }
}
