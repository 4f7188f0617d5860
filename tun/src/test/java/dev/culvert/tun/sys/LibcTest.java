package dev.culvert.tun.sys;

import static dev.culvert.tun.sys.SocketConstants.AF_INET;
import static dev.culvert.tun.sys.SocketConstants.AF_INET6;
import static dev.culvert.tun.sys.SocketConstants.IP_PKTINFO;
import static dev.culvert.tun.sys.SocketConstants.SOCK_CLOEXEC;
import static dev.culvert.tun.sys.SocketConstants.SOCK_DGRAM;
import static dev.culvert.tun.sys.SocketConstants.SOL_IP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibcTest {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buf = arena.allocate(4096, 16);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void writesToAPipeAndReadsFromIt() {
        int[] ends = new int[2];
        assertEquals(0, Libc.pipe2(ends, Libc.O_CLOEXEC | Libc.O_NONBLOCK));
        buf.setString(100, "culvert");
        assertEquals(7, Libc.write(ends[1], buf, 100, 7));
        assertEquals(7, Libc.read(ends[0], buf, 200, 64));
        assertEquals("culvert", buf.getString(200, StandardCharsets.US_ASCII).substring(0, 7));
        assertEquals(-Errno.EAGAIN, Libc.read(ends[0], buf, 0, 64));
        assertEquals(0, Libc.close(ends[0]));
        assertEquals(0, Libc.close(ends[1]));
        assertEquals(-Errno.EBADF, Libc.close(ends[1]));
    }

    @Test
    void gathersAndScattersByIovecs() {
        int[] ends = new int[2];
        assertEquals(0, Libc.pipe2(ends, Libc.O_CLOEXEC));
        buf.setString(1000, "abcdef");
        Iovec.set(buf, 64, 0, buf.address() + 1003, 3);
        Iovec.set(buf, 64, 1, buf.address() + 1000, 3);
        assertEquals(6, Libc.writev(ends[1], buf, 64, 2));
        Iovec.set(buf, 64, 0, buf.address() + 2000, 2);
        Iovec.set(buf, 64, 1, buf.address() + 2100, 10);
        assertEquals(6, Libc.readv(ends[0], buf, 64, 2));
        assertEquals('d', buf.get(ValueLayout.JAVA_BYTE, 2000));
        assertEquals("fabc", buf.getString(2100));
        Libc.close(ends[0]);
        Libc.close(ends[1]);
    }

    @Test
    void sendsAndReceivesADatagramWithItsSourceAndControlMessage() {
        byte[] loopback = InetAddress.ofLiteral("127.0.0.1").getAddress();
        int receiver = Libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        int sender = Libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        int length = SockAddr.encode(loopback, 0, 0, buf, 0);
        assertEquals(0, Libc.bind(receiver, buf, 0, length));
        assertEquals(0, Libc.bind(sender, buf, 0, length));
        assertEquals(0, Libc.setsockopt(receiver, SOL_IP, IP_PKTINFO, 1));
        assertEquals(1, Libc.getsockopt(receiver, SOL_IP, IP_PKTINFO));
        assertEquals(0, Libc.getsockname(receiver, buf, 0, SockAddr.MAX_BYTES));
        assertEquals(0, Libc.getsockname(sender, buf, 128, SockAddr.MAX_BYTES));

        buf.setString(1000, "ping");
        Iovec.set(buf, 512, 0, buf.address() + 1000, 4);
        MsgHdr.setName(buf, 256, buf.address(), length);
        MsgHdr.setIovecs(buf, 256, buf.address() + 512, 1);
        assertEquals(4, Libc.sendmsg(sender, buf, 256, 0));

        Iovec.set(buf, 512, 0, buf.address() + 2000, 100);
        MsgHdr.setName(buf, 256, buf.address() + 3000, SockAddr.MAX_BYTES);
        MsgHdr.setControl(buf, 256, buf.address() + 3200, 128);
        assertEquals(4, Libc.recvmsg(receiver, buf, 256, 0));
        assertEquals(SockAddr.IN_BYTES, MsgHdr.nameLength(buf, 256));
        assertEquals(SockAddr.port(buf, 128), SockAddr.port(buf, 3000));
        assertEquals(0x7f000001, SockAddr.address4(buf, 3000));
        long control = Cmsg.first(buf, 3200, MsgHdr.controlLength(buf, 256));
        assertEquals(SOL_IP, Cmsg.level(buf, control));
        assertEquals(IP_PKTINFO, Cmsg.type(buf, control));
        assertEquals(12, Cmsg.dataLength(buf, control));
        assertEquals(-1, Cmsg.next(buf, control, 3200, MsgHdr.controlLength(buf, 256)));
        Libc.close(sender);
        Libc.close(receiver);
    }

    @Test
    void encodesAndDecodesIpv6SocketAddresses() {
        byte[] address = InetAddress.ofLiteral("fe80::1:2").getAddress();
        assertEquals(28, SockAddr.encode(address, 51820, 7, buf, 3));
        assertEquals(AF_INET6, SockAddr.family(buf, 3));
        assertEquals(51820, SockAddr.port(buf, 3));
        assertEquals(7, SockAddr.scopeId(buf, 3));
        assertEquals(0xfe80L << 48, SockAddr.address6High(buf, 3));
        assertEquals(0x10002L, SockAddr.address6Low(buf, 3));
        assertArrayEquals(address, SockAddr.address(buf, 3));
    }

    @Test
    void pollSeesAnEventfdAndATimerfd() {
        int event = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        int timer = Libc.timerfdCreate(Libc.CLOCK_BOOTTIME, Libc.TFD_CLOEXEC | Libc.TFD_NONBLOCK);
        PollFd.set(buf, 0, 0, event, PollFd.POLLIN);
        PollFd.set(buf, 0, 1, timer, PollFd.POLLIN);
        assertEquals(0, Libc.poll(buf, 0, 2, 0));
        assertEquals(8, Libc.eventfdSignal(event));
        assertEquals(1, Libc.poll(buf, 0, 2, 1000));
        assertEquals(PollFd.POLLIN, PollFd.returnedEvents(buf, 0, 0));
        assertEquals(8, Libc.eventfdDrain(event));
        assertEquals(-Errno.EAGAIN, Libc.eventfdDrain(event));
        long deadlineNs = Libc.clockBoottimeNs() + TimeUnit.MILLISECONDS.toNanos(5);
        assertEquals(0, Libc.timerfdSettimeAbsolute(timer, deadlineNs));
        assertEquals(1, Libc.poll(buf, 0, 2, 1000));
        assertTrue(Libc.clockBoottimeNs() - deadlineNs >= 0);
        assertEquals(PollFd.POLLIN, PollFd.returnedEvents(buf, 0, 1));
        Libc.close(event);
        Libc.close(timer);
    }

    @Test
    void clocksAgreeWithThoseOfTheJvm() {
        long skewMs = Libc.clockRealtimeNs() / 1_000_000 - System.currentTimeMillis();
        assertTrue(Math.abs(skewMs) < 1000, "off by ms: " + skewMs);
        long startNs = Libc.clockBoottimeNs();
        assertTrue(Libc.clockBoottimeNs() - startNs >= 0);
    }

    @Test
    void refusesBuffersThatTheCallWouldOverrun() {
        assertThrows(IndexOutOfBoundsException.class, () -> Libc.read(0, buf, 4000, 97));
        assertThrows(IndexOutOfBoundsException.class, () -> Libc.read(0, buf, -1, 1));
        MemorySegment heap = MemorySegment.ofArray(new byte[16]);
        assertThrows(IndexOutOfBoundsException.class, () -> Libc.write(1, heap, 0, 16));
    }

    @Test
    void namesErrors() {
        assertEquals("EADDRINUSE: address already in use", Errno.text(-98));
        assertEquals("EADDRINUSE", Errno.name(98));
        assertEquals("errno 4000", Errno.name(4000));
        ErrnoException busy = new ErrnoException("TUNSETIFF wg0", -Errno.EBUSY);
        assertEquals("TUNSETIFF wg0: EBUSY: device or resource busy", busy.getMessage());
    }

    @Test
    void allocatesNothingPerCall() {
        int event = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        // Until the JIT compiler, which other work may hold up, has seen the calls.
        for (int attempt = 0; attempt < 50 && bytes > 1000; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            exercise(event, 10_000);
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        Libc.close(event);
        assertTrue(bytes <= 1000, "bytes in 50,000 calls: " + bytes);
    }

    private void exercise(int event, int rounds) {
        PollFd.set(buf, 64, 0, event, PollFd.POLLIN);
        for (int i = 0; i < rounds; i++) {
            Libc.clockBoottimeNs();
            Libc.eventfdSignal(event);
            Libc.poll(buf, 64, 1, 0);
            Libc.read(event, buf, 0, 8);
            Libc.read(event, buf, 0, 8);
        }
    }
}
