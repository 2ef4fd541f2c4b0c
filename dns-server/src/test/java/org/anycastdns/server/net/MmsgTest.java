package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.net.posix.UdpSocket;
import org.anycastdns.server.serve.SampleZone;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// What is special about the engine of recvmmsg and sendmmsg.
class MmsgTest {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int BURST = 64;

    private static Listeners open(int threads, InetSocketAddress... addresses) throws IOException {
        return Listeners.open(
                Engine.MMSG,
                List.of(addresses),
                threads,
                true,
                TcpLimits.DEFAULT,
                SampleZone::responder);
    }

    @Test
    void aWildcardAnswersFromTheAddressThatWasAsked() throws IOException {
        try (Listeners listeners = open(2, Client.loopback("0.0.0.0"), Client.loopback("::"))) {
            for (InetSocketAddress wildcard : listeners.bound()) {
                List<String> asked =
                        wildcard.getAddress() instanceof java.net.Inet6Address
                                ? List.of("::1")
                                : List.of("127.0.0.1", "127.0.0.2", "127.3.4.5");
                for (String address : asked) {
                    InetAddress host = InetAddress.ofLiteral(address);
                    assertEquals(host, answersFrom(host, wildcard.getPort()));
                }
            }
            assertEquals(0, listeners.udpUnsent());
        }
    }

    /// Not connected: takes a reply from wherever it comes.
    private static InetAddress answersFrom(InetAddress asked, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] query = Client.query(7, "www.example.", Type.A);
            socket.send(new DatagramPacket(query, query.length, asked, port));
            DatagramPacket reply = new DatagramPacket(new byte[512], 512);
            socket.receive(reply);
            return reply.getAddress();
        }
    }

    @Test
    void aBurstIsAnsweredWholeOnOneAddressAndOnSeveral() throws IOException {
        for (List<String> addresses :
                List.of(List.of("127.0.0.1"), List.of("127.0.0.1", "127.0.0.2", "::1"))) {
            InetSocketAddress[] sockets =
                    addresses.stream().map(Client::loopback).toArray(InetSocketAddress[]::new);
            try (Listeners listeners = open(1, sockets)) {
                for (InetSocketAddress server : listeners.bound()) {
                    BitSet answered = burst(server);
                    assertEquals(BURST, answered.cardinality(), server::toString);
                }
                assertEquals(0, listeners.udpUnsent());
                assertEquals(0, listeners.udpOverflow());
            }
        }
    }

    private static BitSet burst(InetSocketAddress server) throws IOException {
        BitSet answered = new BitSet();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server);
            for (int id = 0; id < BURST; id++) {
                byte[] query = Client.query(id, id % 2 == 0 ? "www.example." : "x.example.", 1);
                socket.send(new DatagramPacket(query, query.length));
            }
            DatagramPacket packet = new DatagramPacket(new byte[1_232], 1_232);
            for (int i = 0; i < BURST; i++) {
                socket.receive(packet);
                Message reply =
                        new Message(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                int id = reply.getHeader().getID();
                assertEquals(id % 2 == 0 ? Rcode.NOERROR : Rcode.NXDOMAIN, reply.getRcode());
                answered.set(id);
            }
        }
        return answered;
    }

    @Test
    void theThreadsEndWithinTheirTimeWhileTrafficArrives() throws Exception {
        Listeners listeners = open(2, Client.loopback("127.0.0.1"), Client.loopback("::1"));
        InetSocketAddress server = listeners.bound().get(0);
        CountDownLatch flowing = new CountDownLatch(1_000);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread attacker =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try (DatagramSocket socket = new DatagramSocket()) {
                                byte[] query = Client.query(1, "www.example.", Type.A);
                                while (!end.isDone()) {
                                    socket.send(new DatagramPacket(query, query.length, server));
                                    flowing.countDown();
                                }
                            } catch (IOException e) {
                                end.completeExceptionally(e);
                            }
                        });
        assertTrue(flowing.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        List<Executor> loops = listeners.loops();
        listeners.close();
        boolean quiet =
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().matches("udp-\\d+"));
        end.complete(null);
        attacker.join();
        assertTrue(quiet, "a UDP thread is left");
        // The port is free although datagrams still came until now.
        try (DatagramSocket free = new DatagramSocket(server)) {
            assertEquals(server.getPort(), free.getLocalPort());
        }
        int refused = 0;
        for (Executor loop : loops) {
            try {
                loop.execute(() -> {});
            } catch (RejectedExecutionException e) {
                refused++;
            }
        }
        assertEquals(loops.size(), refused, "a task is taken by a thread that has ended");
    }

    @Test
    void anIdleThreadRunsTheTasksThatItIsGiven() throws Exception {
        try (Listeners listeners = open(2, Client.loopback("127.0.0.1"))) {
            for (Executor loop : listeners.loops()) {
                CompletableFuture<String> name = new CompletableFuture<>();
                loop.execute(() -> name.complete(Thread.currentThread().getName()));
                String thread = name.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
                assertTrue(thread.matches("(udp|dns)-.*"), thread);
            }
        }
    }

    /// A socket that fails for good must neither take a core nor be silent for ever.
    @Test
    void aSocketThatFailsForGoodEndsItsThreadAfterABoundedNumberOfAttempts() throws Exception {
        LongAdder failed = new LongAdder();
        Datagrams.Counts counts =
                new Datagrams.Counts(new LongAdder(), new LongAdder(), failed, new Failures());
        MmsgLoop loop = new MmsgLoop(SampleZone.responder(), counts);
        UdpSocket socket = UdpSocket.open(false);
        loop.add(socket);
        socket.close();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().unstarted(loop::run);
        thread.setUncaughtExceptionHandler((_, fault) -> end.complete(fault));
        long startNanos = System.nanoTime();
        thread.start();
        Throwable fault = end.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        assertTrue(
                fault.toString()
                        .contains(
                                "receiving datagrams failed %d times in a row"
                                        .formatted(MmsgLoop.FAILURES_MAX)),
                fault::toString);
        assertEquals(MmsgLoop.FAILURES_MAX, failed.sum());
        assertTrue(millis >= 900, () -> "without a rest: " + millis + " ms");
    }

    @Test
    void answeringAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Listeners listeners = open(1, Client.loopback("127.0.0.1"), Client.loopback("::1"))) {
            CompletableFuture<Long> id = new CompletableFuture<>();
            Executor udp = listeners.loops().get(listeners.loops().size() - 1);
            udp.execute(() -> id.complete(Thread.currentThread().threadId()));
            long thread = id.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            // The compiler may allocate on our behalf while it replaces code; one clean round is
            // proof.
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 50 && least > 0; round++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (InetSocketAddress server : listeners.bound()) {
                    echo(server, 2_000);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertEquals(0, least, "octets for 4,000 datagrams");
        }
    }

    private static void echo(InetSocketAddress server, int count) throws IOException {
        ByteBuffer query = ByteBuffer.wrap(Client.query(1, "www.example.", Type.A));
        ByteBuffer reply = ByteBuffer.allocate(512);
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(server);
            for (int i = 0; i < count; i++) {
                channel.write(query.rewind());
                assertTrue(channel.read(reply.clear()) > 0);
            }
        }
    }
}
