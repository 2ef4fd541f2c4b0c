package org.anycastdns.announcer.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the queries of a round to a DNS server, and waits for the responses. Every round uses new
/// sockets, and over UDP one for each query, so that their ports cannot be guessed, and so that
/// accepting connections is tested as well.
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final LogLimiter<String> LINES = new LogLimiter<>("probe");

    /// Larger than any UDP response to a payload size of 1232.
    private static final int DATAGRAM_BYTES_MAX = 4096;

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Way way;
    private final InetSocketAddress responder;
    private final Duration timeout;
    private @Nullable String warning;

    /// Something that arrived on the socket of a query: a datagram, or why there is none.
    private record Arrival(int request, byte[] wire, @Nullable IOException failure) {}

    /// Creates an exchange that has not begun.
    ///
    /// @param responder where the server answers
    /// @param timeout the time limit for all responses
    Exchange(Way way, InetSocketAddress responder, Duration timeout) {
        this.way = way;
        this.responder = responder;
        this.timeout = timeout;
    }

    /// Returns what needs attention although the exchange was good, in words; null if nothing does.
    @Nullable String warning() {
        return warning;
    }

    /// Runs a round. Returns its outcome.
    Outcome run(Round round) {
        long start = System.nanoTime();
        long deadline = start + timeout.toNanos();
        try {
            switch (way) {
                case Way.Udp(var from) -> udp(round, from, deadline);
                case Way.Tcp() -> tcp(round, deadline);
                case Way.Tls(var certificates) -> tls(round, certificates, deadline);
            }
            return round.outcome(System.nanoTime() - start);
        } catch (SocketTimeoutException _) {
            return round.unanswered("no answer within " + timeout.toMillis() + " ms");
        } catch (PortUnreachableException | ConnectException _) {
            return round.refused("nothing listens at " + Addresses.text(responder));
        } catch (EOFException _) {
            return round.unanswered("the connection was closed without an answer");
        } catch (SSLException e) {
            return round.unanswered(
                    "TLS with %s: %s".formatted(Addresses.text(responder), Certificates.words(e)));
        } catch (IOException e) {
            return round.unanswered("cannot ask: " + Certificates.words(e));
        } catch (RuntimeException e) {
            // A bug of ours. Without an outcome the health loop would not know that probing has
            // stopped.
            String bug = e.toString();
            LINES.log(
                    bug, more -> LOG.error("asking {} over {} failed{}", responder, way, more, e));
            return round.unanswered("cannot ask: " + bug);
        }
    }

    private void udp(Round round, @Nullable InetAddress from, long deadline) throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        try {
            for (byte[] request : round.requests()) {
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0));
                sockets.add(socket);
                socket.connect(responder);
                socket.send(new DatagramPacket(request, request.length));
            }
            if (sockets.size() == 1) {
                while (!round.done()) {
                    round.replyTo(0, received(sockets.getFirst(), deadline));
                }
            } else {
                several(round, sockets, deadline);
            }
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }

    /// Waits for datagrams on several sockets, each with a thread of its own.
    private static void several(Round round, List<DatagramSocket> sockets, long deadline)
            throws IOException {
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        for (int i = 0; i < sockets.size(); i++) {
            int request = i;
            DatagramSocket socket = sockets.get(i);
            Thread.ofVirtual()
                    .name("query")
                    .start(() -> await(request, socket, deadline, arrivals));
        }
        while (!round.done()) {
            Arrival arrival = next(arrivals, deadline);
            IOException failure = arrival.failure();
            if (failure != null) {
                throw failure;
            }
            round.replyTo(arrival.request(), arrival.wire());
        }
    }

    /// Passes on what arrives on a socket, until it is closed.
    private static void await(
            int request, DatagramSocket socket, long deadline, BlockingQueue<Arrival> arrivals) {
        try {
            while (!socket.isClosed()) {
                arrivals.add(new Arrival(request, received(socket, deadline), null));
            }
        } catch (IOException e) {
            arrivals.add(new Arrival(request, new byte[0], e));
        }
    }

    private static Arrival next(BlockingQueue<Arrival> arrivals, long deadline) throws IOException {
        try {
            Arrival arrival = arrivals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (arrival == null) {
                throw new SocketTimeoutException();
            }
            return arrival;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] received(DatagramSocket socket, long deadline) throws IOException {
        byte[] buffer = new byte[DATAGRAM_BYTES_MAX];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.setSoTimeout(millisUntil(deadline));
        socket.receive(packet);
        return Arrays.copyOf(buffer, packet.getLength());
    }

    private void tcp(Round round, long deadline) throws IOException {
        try (Socket socket = connected(deadline)) {
            stream(round, socket, deadline);
        }
    }

    private void tls(Round round, Certificates certificates, long deadline) throws IOException {
        try (SSLSocket socket = certificates.over(connected(deadline), responder)) {
            socket.setSoTimeout(millisUntil(deadline));
            socket.startHandshake();
            warning = certificates.warning(socket.getSession());
            stream(round, socket, deadline);
        }
    }

    private Socket connected(long deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(responder, millisUntil(deadline));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void stream(Round round, Socket socket, long deadline) throws IOException {
        int size = round.requests().stream().mapToInt(r -> Short.BYTES + r.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        round.requests().forEach(request -> out.putShort((short) request.length).put(request));
        socket.getOutputStream().write(out.array());
        while (!round.done()) {
            byte[] length = read(socket, Short.BYTES, deadline);
            round.reply(read(socket, ByteBuffer.wrap(length).getShort() & 0xffff, deadline));
        }
    }

    /// Reads this many bytes. The deadline holds however slowly they arrive.
    private static byte[] read(Socket socket, int count, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[count];
        for (int at = 0; at < count; ) {
            socket.setSoTimeout(millisUntil(deadline));
            int some = in.read(bytes, at, count - at);
            if (some < 0) {
                throw new EOFException();
            }
            at += some;
        }
        return bytes;
    }

    /// Returns the whole milliseconds until the deadline, at least 1. A socket timeout of 0 would
    /// mean no limit.
    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) (nanos / NANOS_PER_MILLI) + 1;
    }
}
