package dev.culvert.datapath.nat;

import static dev.culvert.datapath.nat.Gateway.ALICE;
import static dev.culvert.datapath.nat.Gateway.ALICE6;
import static dev.culvert.datapath.nat.Gateway.BOB;
import static dev.culvert.datapath.nat.Gateway.OTHER;
import static dev.culvert.datapath.nat.Gateway.TUNNEL;
import static dev.culvert.datapath.nat.Gateway.TUNNEL6;
import static dev.culvert.datapath.nat.Gateway.WEB;
import static dev.culvert.datapath.nat.Gateway.WEB6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.packet.DropReason;
import java.net.InetAddress;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NatTest {
    private static final int ACK = Tcp.ACK;
    private static final int SYN = Tcp.SYN;
    private static final int SYN_ACK = Tcp.SYN | Tcp.ACK;
    private static final int FIN_ACK = Tcp.FIN | Tcp.ACK;

    private final Gateway gateway = new Gateway();

    private TestPacket sent(TestPacket packet) {
        assertEquals(NatVerdict.FORWARD, gateway.send(packet));
        assertTrue(packet.isRight());
        return packet;
    }

    private TestPacket received(TestPacket packet) {
        assertEquals(NatVerdict.FORWARD, gateway.receive(packet));
        assertTrue(packet.isRight());
        return packet;
    }

    private void refused(TestPacket packet) {
        assertEquals(NatVerdict.DROP, gateway.receive(packet));
    }

    private static TestPacket dns(String from, int port) {
        return TestPacket.udp(from, port, WEB, 53);
    }

    @Nested
    class MappingsOfUdp {
        @Test
        void givesTheTunnelsAddressAndKeepsThePort() {
            TestPacket out = sent(dns(ALICE, 5000));
            assertEquals(TUNNEL, out.source());
            assertEquals(5000, out.sourcePort());
            assertEquals(WEB, out.destination());
        }

        @Test
        void bringsTheAnswerBack() {
            sent(dns(ALICE, 5000));
            TestPacket answer = received(TestPacket.udp(WEB, 53, TUNNEL, 5000));
            assertEquals(ALICE, answer.destination());
            assertEquals(5000, answer.destinationPort());
        }

        @Test
        void hasOnePortWhoeverTheDestinationIs() {
            sent(dns(BOB, 5000));
            int port = sent(dns(ALICE, 5000)).sourcePort();
            assertNotEquals(5000, port);
            assertEquals(port, sent(TestPacket.udp(ALICE, 5000, OTHER, 99)).sourcePort());
        }

        @Test
        void letsInWhomItHasSentToFromAnyPort() {
            sent(dns(ALICE, 5000));
            assertEquals(ALICE, received(TestPacket.udp(WEB, 999, TUNNEL, 5000)).destination());
        }

        @Test
        void keepsOutWhomItHasNotSentTo() {
            sent(dns(ALICE, 5000));
            refused(TestPacket.udp(OTHER, 53, TUNNEL, 5000));
            assertEquals(1, gateway.drops.get(DropReason.NAT_FILTERED));
        }

        @Test
        void livesFor300SecondsAfterTheLastPacketOut() {
            sent(dns(ALICE, 5000));
            gateway.passSeconds(200);
            sent(dns(ALICE, 5000));
            gateway.passSeconds(299);
            received(TestPacket.udp(WEB, 53, TUNNEL, 5000));
            gateway.passSeconds(2);
            // Nobody's any more: the tunnel's own host looks at it.
            assertEquals(TUNNEL, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
        }

        @Test
        void isNotKeptAliveFromOutside() {
            sent(dns(ALICE, 5000));
            for (int i = 0; i < 3; i++) {
                gateway.passSeconds(99);
                assertEquals(ALICE, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
            }
            gateway.passSeconds(99);
            assertEquals(TUNNEL, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
        }

        @Test
        void forgetsTheAddressThatWasNotSentToForLong() {
            sent(dns(ALICE, 5000));
            gateway.passSeconds(200);
            sent(TestPacket.udp(ALICE, 5000, OTHER, 1));
            gateway.passSeconds(150);
            refused(TestPacket.udp(WEB, 53, TUNNEL, 5000));
            received(TestPacket.udp(OTHER, 1, TUNNEL, 5000));
        }

        @Test
        void leavesAMissingChecksumMissing() {
            TestPacket packet = dns(ALICE, 5000);
            long field = packet.transport() + Udp.CHECKSUM_OFFSET;
            NetworkOrder.put16(packet.buf, field, 0);
            assertEquals(NatVerdict.FORWARD, gateway.send(packet));
            assertEquals(0, NetworkOrder.get16(packet.buf, field));
        }
    }

    @Nested
    class Ports {
        @ParameterizedTest
        @ValueSource(ints = {700, 701, 40_000, 40_001})
        void staysInRangeAndParityWhenThePortIsTaken(int port) {
            sent(dns(BOB, port));
            int other = sent(dns(ALICE, port)).sourcePort();
            assertNotEquals(port, other);
            assertEquals(port & 1, other & 1);
            assertEquals(port < 1024, other < 1024);
        }

        @Test
        void takesThePortOfWhatHasExpired() {
            sent(dns(BOB, 5000));
            gateway.passSeconds(301);
            assertEquals(5000, sent(dns(ALICE, 5000)).sourcePort());
        }

        @Test
        void neverGivesOnePortToTwo() {
            boolean[] given = new boolean[65536];
            for (int client = 0; client < 400; client++) {
                String address = "172.28.1." + client % 200;
                int port = sent(dns(address, 1 + client / 200)).sourcePort();
                assertFalse(given[port]);
                given[port] = true;
            }
        }

        @Test
        void doesNotTakeAPortOfTheTunnelsOwn() {
            assertEquals(5000, sent(dns(TUNNEL, 5000)).sourcePort());
            assertNotEquals(5000, sent(dns(ALICE, 5000)).sourcePort());
            assertEquals(TUNNEL, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
        }

        @Test
        void movesAnOwnFlowWhosePortAClientHas() {
            sent(dns(ALICE, 5000));
            int port = sent(dns(TUNNEL, 5000)).sourcePort();
            assertNotEquals(5000, port);
            TestPacket answer = received(TestPacket.udp(WEB, 53, TUNNEL, port));
            assertEquals(TUNNEL, answer.destination());
            assertEquals(5000, answer.destinationPort());
        }

        @Test
        void leavesWhatIsNobodysToTheTunnelsOwnHost() {
            TestPacket syn = received(TestPacket.tcp(OTHER, 4000, TUNNEL, 22, SYN));
            assertEquals(TUNNEL, syn.destination());
            assertEquals(22, syn.destinationPort());
        }
    }

    @Nested
    class Tcps {
        private void open() {
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, SYN));
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, SYN_ACK));
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, ACK));
        }

        private boolean isOpen() {
            TestPacket packet = TestPacket.tcp(WEB, 80, TUNNEL, 6000, ACK);
            return gateway.receive(packet) == NatVerdict.FORWARD
                    && packet.destination().equals(ALICE);
        }

        @Test
        void isForgottenAfter240SecondsWhileItOpens() {
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, SYN));
            gateway.passSeconds(239);
            assertTrue(isOpen());
            sent(TestPacket.tcp(ALICE, 6001, WEB, 80, SYN));
            gateway.passSeconds(241);
            TestPacket late = TestPacket.tcp(WEB, 80, TUNNEL, 6001, SYN_ACK);
            assertEquals(TUNNEL, received(late).destination());
        }

        @Test
        void staysFor7440SecondsOnceItIsOpen() {
            open();
            gateway.passSeconds(7439);
            assertTrue(isOpen());
            gateway.passSeconds(7441);
            assertFalse(isOpen());
        }

        @Test
        void isForgotten240SecondsAfterBothHaveFinished() {
            open();
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, FIN_ACK));
            gateway.passSeconds(1000);
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, FIN_ACK));
            gateway.passSeconds(120);
            // The last acknowledgement does not start the time again.
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, ACK));
            gateway.passSeconds(119);
            assertTrue(isOpen());
            gateway.passSeconds(2);
            assertFalse(isOpen());
        }

        @Test
        void survivesAReset() {
            open();
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, Tcp.RST));
            gateway.passSeconds(239);
            assertTrue(isOpen());
        }

        @Test
        void endsAfterAResetThatWasMeant() {
            open();
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, Tcp.RST));
            gateway.passSeconds(241);
            assertFalse(isOpen());
        }

        @Test
        void goesOnAfterAForgedReset() {
            open();
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, Tcp.RST));
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, ACK));
            gateway.passSeconds(7000);
            assertTrue(isOpen());
        }

        @Test
        void picksUpWhatWasOpenBefore() {
            sent(TestPacket.tcp(ALICE, 6000, WEB, 80, ACK));
            received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, ACK));
            gateway.passSeconds(7000);
            assertTrue(isOpen());
        }

        @Test
        void makesNothingOutOfAReset() {
            assertEquals(NatVerdict.DROP, gateway.send(TestPacket.tcp(ALICE, 1, WEB, 80, Tcp.RST)));
            sent(TestPacket.tcp(TUNNEL, 1, WEB, 80, Tcp.RST));
            assertEquals(0, gateway.nat.statistics().tcp());
        }

        @Test
        void letsAConnectionInFromAnAddressItHasSentTo() {
            open();
            TestPacket syn = received(TestPacket.tcp(WEB, 20, TUNNEL, 6000, SYN));
            assertEquals(ALICE, syn.destination());
            refused(TestPacket.tcp(OTHER, 20, TUNNEL, 6000, SYN));
        }

        @Test
        void aRunOfSegmentsTakesTheSameWay() {
            open();
            for (int i = 0; i < 3; i++) {
                TestPacket segment = received(TestPacket.tcp(WEB, 80, TUNNEL, 6000, ACK));
                assertEquals(ALICE, segment.destination());
                assertEquals(6000, segment.destinationPort());
            }
            assertEquals(
                    TUNNEL, received(TestPacket.tcp(WEB, 80, TUNNEL, 6001, ACK)).destination());
            refused(TestPacket.tcp(OTHER, 80, TUNNEL, 6000, ACK));
        }
    }

    @Nested
    class MaximumSegmentSize {
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        void isLoweredOnItsWayOut(int nops) {
            TestPacket syn = sent(TestPacket.syn(ALICE, 7000, WEB, 80, 1460, nops));
            assertEquals(Gateway.MTU - 40, syn.mss(nops));
        }

        @Test
        void isLoweredOnItsWayIn() {
            sent(TestPacket.tcp(ALICE, 7000, WEB, 80, SYN));
            TestPacket answer = received(TestPacket.syn(WEB, 80, TUNNEL, 7000, 9000, 1));
            assertEquals(Gateway.MTU - 40, answer.mss(1));
        }

        @Test
        void isLessForIpv6() {
            TestPacket syn = sent(TestPacket.syn(ALICE6, 7000, WEB6, 80, 1440, 0));
            assertEquals(Gateway.MTU - 60, syn.mss(0));
        }

        @Test
        void isLeftWhenItFits() {
            assertEquals(1200, sent(TestPacket.syn(ALICE, 7000, WEB, 80, 1200, 0)).mss(0));
        }

        @Test
        void isLoweredUnderAPartialChecksum() {
            TestPacket syn = sent(TestPacket.syn(ALICE, 7000, WEB, 80, 1460, 1).partial());
            assertEquals(Gateway.MTU - 40, syn.mss(1));
        }
    }

    @Nested
    class Checksums {
        @Test
        void partialOnesStayPartial() {
            sent(dns(BOB, 5000));
            TestPacket packet = sent(dns(ALICE, 5000).partial());
            assertNotEquals(5000, packet.sourcePort());
            sent(TestPacket.tcp(ALICE6, 1000, WEB6, 80, SYN).partial());
        }

        @Test
        void ofASuperPacketIsRightAsAWhole() {
            TestPacket packet = TestPacket.tcp(ALICE, 1000, WEB, 80, ACK).partial();
            VirtioNetHeader.write(
                    packet.buf, 0, 1, VirtioNetHeader.GSO_TCPV4, 40, 10, packet.header, 16);
            sent(packet);
            assertEquals(VirtioNetHeader.GSO_TCPV4, VirtioNetHeader.gsoType(packet.buf, 0));
        }
    }

    @Nested
    class Ipv6 {
        @Test
        void isTranslatedToo() {
            TestPacket out = sent(TestPacket.udp(ALICE6, 5000, WEB6, 53));
            assertEquals("fd00:0:0:0:0:0:0:1", out.source());
            TestPacket answer = received(TestPacket.udp(WEB6, 53, TUNNEL6, 5000));
            assertEquals("fd28:0:0:0:0:0:0:3", answer.destination());
        }

        @Test
        void aRunOfSegmentsTakesTheSameWay() {
            sent(TestPacket.tcp(ALICE6, 6000, WEB6, 80, SYN));
            received(TestPacket.tcp(WEB6, 80, TUNNEL6, 6000, SYN_ACK));
            for (int i = 0; i < 3; i++) {
                TestPacket segment = received(TestPacket.tcp(WEB6, 80, TUNNEL6, 6000, ACK));
                assertEquals("fd28:0:0:0:0:0:0:3", segment.destination());
            }
        }

        @Test
        void pingsByIdentifier() {
            sent(TestPacket.icmp(ALICE6, WEB6, 128, 7));
            TestPacket reply = received(TestPacket.icmp(WEB6, TUNNEL6, 129, 7));
            assertEquals("fd28:0:0:0:0:0:0:3", reply.destination());
        }

        @Test
        void isRefusedWithoutATunnelAddress() {
            Gateway v4Only = new Gateway(NatLimits.DEFAULT, false);
            assertEquals(NatVerdict.PROHIBIT, v4Only.send(TestPacket.udp(ALICE6, 5000, WEB6, 53)));
        }
    }

    @Nested
    class IcmpQueries {
        @Test
        void areToldApartByIdentifier() {
            sent(TestPacket.icmp(ALICE, WEB, 8, 77));
            int identifier = sent(TestPacket.icmp(BOB, WEB, 8, 77)).identifier();
            assertNotEquals(77, identifier);
            TestPacket toBob = received(TestPacket.icmp(WEB, TUNNEL, 0, identifier));
            assertEquals(BOB, toBob.destination());
            assertEquals(77, toBob.identifier());
            assertEquals(ALICE, received(TestPacket.icmp(WEB, TUNNEL, 0, 77)).destination());
        }

        @Test
        void areForgottenAfter60Seconds() {
            sent(TestPacket.icmp(ALICE, WEB, 8, 77));
            gateway.passSeconds(59);
            assertEquals(ALICE, received(TestPacket.icmp(WEB, TUNNEL, 0, 77)).destination());
            gateway.passSeconds(2);
            assertEquals(TUNNEL, received(TestPacket.icmp(WEB, TUNNEL, 0, 77)).destination());
        }

        @Test
        void fromOutsideAskTheTunnelsOwnHost() {
            sent(TestPacket.icmp(ALICE, WEB, 8, 77));
            assertEquals(TUNNEL, received(TestPacket.icmp(WEB, TUNNEL, 8, 77)).destination());
        }
    }

    @Nested
    class Errors {
        private static final String ROUTER = "203.0.113.1";

        @Test
        void areTranslatedOutsideAndInTheQuote() {
            sent(dns(BOB, 5000));
            TestPacket out = sent(dns(ALICE, 5000));
            assertNotEquals(5000, out.sourcePort());
            TestPacket error = received(TestPacket.error(ROUTER, TUNNEL, 3, 1, out));
            assertEquals(ALICE, error.destination());
            assertEquals(ROUTER, error.source());
            assertEquals(ALICE, error.quoted().source());
            assertEquals(5000, error.quoted().sourcePort());
        }

        @Test
        void ofAnUpstreamRouterReachIpv6Clients() {
            TestPacket out = sent(TestPacket.tcp(ALICE6, 5000, WEB6, 80, SYN));
            TestPacket error = received(TestPacket.error("2001:db8::1", TUNNEL6, 2, 0, out));
            assertEquals("fd28:0:0:0:0:0:0:3", error.destination());
            assertEquals("fd28:0:0:0:0:0:0:3", error.quoted().source());
        }

        @Test
        void aboutAPingAreTranslated() {
            sent(TestPacket.icmp(BOB, WEB, 8, 77));
            TestPacket out = sent(TestPacket.icmp(ALICE, WEB, 8, 77));
            TestPacket error = received(TestPacket.error(ROUTER, TUNNEL, 11, 0, out));
            assertEquals(ALICE, error.destination());
            assertEquals(77, error.quoted().identifier());
        }

        @Test
        void ofAClientAreTranslatedOnTheirWayOut() {
            sent(dns(BOB, 5000));
            int port = sent(dns(ALICE, 5000)).sourcePort();
            TestPacket in = received(TestPacket.udp(WEB, 53, TUNNEL, port));
            TestPacket error = sent(TestPacket.error(ALICE, WEB, 3, 3, in));
            assertEquals(TUNNEL, error.source());
            assertEquals(TUNNEL, error.quoted().destination());
            assertEquals(port, error.quoted().destinationPort());
        }

        @Test
        void doNotEndAMapping() {
            TestPacket out = sent(dns(ALICE, 5000));
            received(TestPacket.error(ROUTER, TUNNEL, 3, 3, out));
            assertEquals(ALICE, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
        }

        @Test
        void doNotRefreshAMapping() {
            TestPacket out = sent(dns(ALICE, 5000));
            gateway.passSeconds(299);
            received(TestPacket.error(ROUTER, TUNNEL, 3, 3, out));
            gateway.passSeconds(2);
            assertEquals(TUNNEL, received(TestPacket.udp(WEB, 53, TUNNEL, 5000)).destination());
        }

        @Test
        void withAWrongChecksumAreDropped() {
            TestPacket error = TestPacket.error(ROUTER, TUNNEL, 3, 1, sent(dns(ALICE, 5000)));
            NetworkOrder.put8(error.buf, error.transport() + 4, 99);
            refused(error);
            assertEquals(1, gateway.drops.get(DropReason.NAT_ICMP_INVALID));
        }

        @Test
        void aboutAnAddressThatWasNotSentToAreDropped() {
            sent(dns(ALICE, 5000));
            TestPacket forged = TestPacket.udp(TUNNEL, 5000, OTHER, 53);
            refused(TestPacket.error(ROUTER, TUNNEL, 3, 1, forged));
        }

        @Test
        void ofAClientAboutNothingAreDropped() {
            TestPacket error =
                    TestPacket.error(ALICE, WEB, 3, 3, TestPacket.udp(WEB, 53, ALICE, 5000));
            assertEquals(NatVerdict.DROP, gateway.send(error));
        }
    }

    @Nested
    class Fragments {
        @Test
        void followTheFirst() {
            sent(dns(ALICE, 5000));
            sent(TestPacket.udp(ALICE, 53, WEB, 5000));
            assertEquals(NatVerdict.FORWARD, first(9));
            TestPacket later = TestPacket.fragment(WEB, TUNNEL, 9, 64, false);
            assertEquals(NatVerdict.FORWARD, gateway.receive(later));
            assertEquals(ALICE, later.destination());
        }

        private NatVerdict first(int id) {
            TestPacket first = TestPacket.fragment(WEB, TUNNEL, id, 0, true);
            NatVerdict verdict = gateway.receive(first);
            assertEquals(ALICE, first.destination());
            assertEquals(53, first.destinationPort());
            return verdict;
        }

        @Test
        void waitForTheFirst() {
            sent(TestPacket.udp(ALICE, 53, WEB, 5000));
            TestPacket later = TestPacket.fragment(WEB, TUNNEL, 9, 64, true);
            TestPacket last = TestPacket.fragment(WEB, TUNNEL, 9, 128, false);
            assertEquals(NatVerdict.HOLD, gateway.receive(later));
            assertEquals(NatVerdict.HOLD, gateway.receive(last));
            assertFalse(gateway.in.nextReleased());
            first(9);
            for (int offset : new int[] {64, 128}) {
                assertTrue(gateway.in.nextReleased());
                long at = gateway.in.releasedOffset();
                assertEquals(84, gateway.in.releasedLength());
                FlowHeaders headers = new FlowHeaders();
                assertTrue(headers.read(gateway.in.heldMemory(), at, 84));
                assertEquals(Addresses.low(InetAddress.ofLiteral(ALICE)), headers.destinationLow());
                assertEquals(
                        offset >>> 3,
                        dev.culvert.tun.packet.Ipv4.flags(gateway.in.heldMemory(), at) & 0x1fff);
            }
            assertFalse(gateway.in.nextReleased());
        }

        @Test
        void ofOthersDoNotComeAlong() {
            sent(TestPacket.udp(ALICE, 53, WEB, 5000));
            gateway.receive(TestPacket.fragment(WEB, TUNNEL, 8, 64, false));
            first(9);
            assertFalse(gateway.in.nextReleased());
        }

        @Test
        void thatWaitAreBounded() {
            for (int i = 0; i < 10_000; i++) {
                gateway.receive(TestPacket.fragment(WEB, TUNNEL, i, 64, false));
            }
            assertTrue(
                    gateway.drops.get(DropReason.NAT_FRAGMENT_GIVEN_UP)
                            >= 10_000 - HeldFragments.MAX_FRAGMENTS);
        }

        @Test
        void areGivenUpAfter30Seconds() {
            sent(TestPacket.udp(ALICE, 53, WEB, 5000));
            gateway.receive(TestPacket.fragment(WEB, TUNNEL, 9, 64, false));
            gateway.passSeconds(31);
            first(9);
            assertFalse(gateway.in.nextReleased());
        }

        @Test
        void ofAClientAllGetTheTunnelsAddress() {
            TestPacket later = TestPacket.fragment(ALICE, WEB, 9, 64, false);
            assertEquals(NatVerdict.FORWARD, gateway.send(later));
            assertEquals(TUNNEL, later.source());
        }
    }

    @Nested
    class Hairpin {
        @Test
        void udpBetweenTwoClientsGoesBackIn() {
            sent(TestPacket.udp(BOB, 5000, WEB, 1));
            sent(dns(ALICE, 6000));
            // Bob has not sent to the tunnel's address yet.
            TestPacket early = TestPacket.udp(ALICE, 6000, TUNNEL, 5000);
            assertEquals(NatVerdict.DROP, gateway.send(early));
            TestPacket fromBob = TestPacket.udp(BOB, 5000, TUNNEL, 6000);
            assertEquals(NatVerdict.RETURN, gateway.send(fromBob));
            assertEquals(TUNNEL, fromBob.source());
            assertEquals(5000, fromBob.sourcePort());
            assertEquals(ALICE, fromBob.destination());
            assertTrue(fromBob.isRight());
            TestPacket fromAlice = TestPacket.udp(ALICE, 6000, TUNNEL, 5000);
            assertEquals(NatVerdict.RETURN, gateway.send(fromAlice));
            assertEquals(BOB, fromAlice.destination());
        }

        @Test
        void tcpToAPortForwardGoesBackIn() {
            Gateway open = new Gateway(forward(Tcp.PROTOCOL, 8080, BOB, 80));
            TestPacket syn = TestPacket.tcp(ALICE, 6000, TUNNEL, 8080, SYN);
            assertEquals(NatVerdict.RETURN, open.send(syn));
            assertEquals(BOB, syn.destination());
            assertEquals(80, syn.destinationPort());
            assertEquals(TUNNEL, syn.source());
            assertTrue(syn.isRight());
            TestPacket answer = TestPacket.tcp(BOB, 80, TUNNEL, 6000, SYN_ACK);
            assertEquals(NatVerdict.RETURN, open.send(answer));
            assertEquals(ALICE, answer.destination());
            assertEquals(8080, answer.sourcePort());
        }

        @Test
        void icmpErrorsGoBackIn() {
            Gateway open = new Gateway(forward(Udp.PROTOCOL, 8080, BOB, 80));
            TestPacket packet = TestPacket.udp(ALICE, 6000, TUNNEL, 8080);
            assertEquals(NatVerdict.RETURN, open.send(packet));
            TestPacket error = TestPacket.error(BOB, TUNNEL, 3, 3, packet);
            assertEquals(NatVerdict.RETURN, open.send(error));
            assertEquals(ALICE, error.destination());
            assertEquals(ALICE, error.quoted().source());
            assertEquals(TUNNEL, error.quoted().destination());
            assertEquals(8080, error.quoted().destinationPort());
            assertTrue(error.isRight());
        }
    }

    private static PortForward forward(int protocol, int port, String target, int targetPort) {
        return new PortForward(protocol, port, InetAddress.ofLiteral(target), targetPort);
    }

    @Nested
    class PortForwards {
        private final Gateway open = new Gateway(forward(Tcp.PROTOCOL, 8080, BOB, 80));

        @Test
        void letEverybodyInAndAnswersOut() {
            TestPacket syn = TestPacket.tcp(OTHER, 4000, TUNNEL, 8080, SYN);
            assertEquals(NatVerdict.FORWARD, open.receive(syn));
            assertEquals(BOB, syn.destination());
            assertEquals(80, syn.destinationPort());
            assertTrue(syn.isRight());
            TestPacket answer = TestPacket.tcp(BOB, 80, OTHER, 4000, SYN_ACK);
            assertEquals(NatVerdict.FORWARD, open.send(answer));
            assertEquals(TUNNEL, answer.source());
            assertEquals(8080, answer.sourcePort());
            assertTrue(answer.isRight());
        }

        @Test
        void stayForEver() {
            open.passSeconds(1_000_000);
            TestPacket syn = TestPacket.tcp(OTHER, 4000, TUNNEL, 8080, SYN);
            assertEquals(NatVerdict.FORWARD, open.receive(syn));
            assertEquals(BOB, syn.destination());
        }

        @Test
        void keepTheirPort() {
            TestPacket own = TestPacket.tcp(TUNNEL, 8080, OTHER, 1, SYN);
            assertEquals(NatVerdict.FORWARD, open.send(own));
            assertNotEquals(8080, own.sourcePort());
        }

        @Test
        void areNotForOneTargetTwice() {
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            new Gateway(
                                    forward(Tcp.PROTOCOL, 8080, BOB, 80),
                                    forward(Tcp.PROTOCOL, 8081, BOB, 80)));
        }
    }

    @Nested
    class Exhaustion {
        @Test
        void oneSourceGetsAnEighthAndTheOthersGoOn() {
            int accepted = 0;
            for (int port = 1; port < 65536; port++) {
                NatVerdict verdict = gateway.send(dns(ALICE, port));
                if (verdict == NatVerdict.FORWARD) {
                    accepted++;
                } else {
                    assertEquals(NatVerdict.PROHIBIT, verdict);
                }
            }
            assertEquals(65536 / 8, accepted);
            assertEquals(65535 - accepted, gateway.drops.get(DropReason.NAT_OVER_QUOTA));
            sent(dns(BOB, 5000));
            sent(dns(TUNNEL, 5001));
        }

        @Test
        void aSourceThatSpraysAddressesIsStoppedToo() {
            int accepted = 0;
            for (int i = 0; i < 60_000; i++) {
                String to = "192.0." + (i >> 8) + "." + (i & 255);
                if (gateway.send(TestPacket.udp(ALICE, 5000, to, 53)) == NatVerdict.FORWARD) {
                    accepted++;
                }
            }
            assertEquals(NatLimits.DEFAULT.sessionsPerSource(), accepted);
            sent(dns(BOB, 5000));
        }

        @Test
        void theShareIsGivenBackWhenItExpires() {
            for (int port = 1; port < 20_000; port++) {
                gateway.send(dns(ALICE, port));
            }
            gateway.passSeconds(301);
            sent(dns(ALICE, 30_000));
        }

        @Test
        void ofARangeIsToldApartFromTheQuota() {
            for (int client = 0; client < 2; client++) {
                for (int port = 1; port < 1024; port += 2) {
                    gateway.send(dns("172.28.2." + client, port));
                }
            }
            assertEquals(512, gateway.nat.statistics().udp());
            assertEquals(512, gateway.drops.get(DropReason.NAT_EXHAUSTED));
        }
    }

    @Nested
    class Strangers {
        @Test
        void passAsTheyAre() {
            TestPacket packet = sent(TestPacket.udp("10.99.0.1", 5000, WEB, 53));
            assertEquals("10.99.0.1", packet.source());
        }

        @Test
        void cannotReachAClientButByTheTable() {
            refused(TestPacket.udp(WEB, 53, ALICE, 5000));
        }
    }
}
