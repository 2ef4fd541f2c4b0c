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
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Observation.Probed;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Probes the responder over one transport at regular intervals, on its own thread. A probe starts
/// after the one before has ended. Every probe uses a new socket, so that its port cannot be
/// guessed, and so that accepting connections is tested as well.
public final class Prober extends Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);

    /// Larger than any UDP response to a payload size of 1232.
    private static final int DATAGRAM_BYTES_MAX = 4096;

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final ProbeTransport transport;
    private final InetSocketAddress responder;
    private final byte[] nsid;
    private final Duration timeout;
    private final Questions questions;
    private final Consumer<? super Observation> sink;
    private final SecureRandom random = new SecureRandom();
    private final Duration interval;

    /// Creates a prober that has not started.
    ///
    /// @param identity the NSID that responses must have
    /// @param interval from the start of a probe to the start of the next
    /// @param timeout the time limit for all responses of a probe
    /// @param sink receives every outcome, on the prober's thread
    public Prober(
            ProbeTransport transport,
            InetSocketAddress responder,
            String identity,
            Duration interval,
            Duration timeout,
            Questions questions,
            Consumer<? super Observation> sink) {
        super("probe-" + transport.label(), LongLived::restarted);
        this.transport = transport;
        this.responder = responder;
        this.nsid = identity.getBytes(StandardCharsets.UTF_8);
        this.timeout = timeout;
        this.questions = questions;
        this.sink = sink;
        this.interval = interval;
    }

    @Override
    protected void round() {
        long start = System.nanoTime();
        Outcome outcome = probe();
        if (outcome instanceof Outcome.Wrong) {
            questions.doubtful();
        }
        sink.accept(new Probed(transport, outcome));
        pause(start + interval.toNanos() - System.nanoTime());
    }

    /// Runs one probe. Returns its outcome.
    Outcome probe() {
        List<Query> asked = questions.next();
        Round round = new Round(asked, questions.required(asked), nsid, random);
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
            LOG.error("probe over {} failed", transport, e);
            return round.unanswered("cannot ask: " + e);
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
