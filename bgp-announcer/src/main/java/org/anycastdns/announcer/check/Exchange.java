package org.anycastdns.announcer.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.daemon.LogLimiter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the queries of a round to a DNS server over one transport, and waits for the responses.
/// Every round uses a new socket, so that its port cannot be guessed, and so that accepting
/// connections is tested as well.
///
/// @param responder where the server answers
/// @param timeout the time limit for all responses
record Exchange(ProbeTransport transport, InetSocketAddress responder, Duration timeout) {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final LogLimiter<String> LINES = new LogLimiter<>("probe");

    /// Larger than any UDP response to a payload size of 1232.
    private static final int DATAGRAM_BYTES_MAX = 4096;

    private static final int NANOS_PER_MILLI = 1_000_000;

    /// Runs a round. Returns its outcome.
    Outcome run(Round round) {
        long start = System.nanoTime();
        try {
            switch (transport) {
                case UDP -> udp(round, start + timeout.toNanos());
                case TCP -> tcp(round, start + timeout.toNanos());
            }
            return round.outcome(System.nanoTime() - start);
        } catch (SocketTimeoutException _) {
            return round.unanswered("no answer within " + timeout.toMillis() + " ms");
        } catch (PortUnreachableException | ConnectException _) {
            return round.refused("nothing listens at " + address());
        } catch (EOFException _) {
            return round.unanswered("the connection was closed without an answer");
        } catch (IOException e) {
            return round.unanswered("cannot ask: " + e);
        } catch (RuntimeException e) {
            // A bug of ours. Without an outcome the health loop would not know that probing has
            // stopped.
            String bug = e.toString();
            LINES.log(
                    bug,
                    more -> LOG.error("asking {} over {} failed{}", address(), transport, more, e));
            return round.unanswered("cannot ask: " + bug);
        }
    }

    private String address() {
        String host = responder.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + responder.getPort();
    }

    private void udp(Round round, long deadline) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(responder);
            for (byte[] request : round.requests()) {
                socket.send(new DatagramPacket(request, request.length));
            }
            byte[] buffer = new byte[DATAGRAM_BYTES_MAX];
            while (!round.done()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.setSoTimeout(millisUntil(deadline));
                socket.receive(packet);
                round.reply(Arrays.copyOf(buffer, packet.getLength()));
            }
        }
    }

    private void tcp(Round round, long deadline) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(responder, millisUntil(deadline));
            int size = round.requests().stream().mapToInt(r -> Short.BYTES + r.length).sum();
            ByteBuffer out = ByteBuffer.allocate(size);
            round.requests().forEach(request -> out.putShort((short) request.length).put(request));
            socket.getOutputStream().write(out.array());
            while (!round.done()) {
                byte[] length = read(socket, Short.BYTES, deadline);
                round.reply(read(socket, ByteBuffer.wrap(length).getShort() & 0xffff, deadline));
            }
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
