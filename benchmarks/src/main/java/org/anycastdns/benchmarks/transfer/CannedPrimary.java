package org.anycastdns.benchmarks.transfer;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.out.NotifyMessage;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;
import org.jspecify.annotations.Nullable;

/// A primary that sends prepared octets as fast as the secondary takes them. It only adds the ID
/// and the signatures, and it says when the last octet was written. All requests must be signed.
public final class CannedPrimary implements AutoCloseable {

    /// Little room, so that what was written is hardly more than what was sent.
    private static final int SEND_BUFFER_OCTETS = 65_536;

    private static final int DATAGRAM_OCTETS_MAX = 65_535;

    /// A secondary answers NOTIFY at once. A second one is for a datagram that was lost.
    private static final int NOTIFY_PATIENCE_MILLIS = 1_000;

    private static final int NOTIFY_ATTEMPTS = 5;

    private final TsigKey key;
    private final TsigKeys keys;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final List<Thread> listeners;
    private final Map<Name, Published> published = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile String refused = "";

    /// What was sent, and when.
    ///
    /// @param changes whether only changes were sent
    /// @param askedNanos when the request had come
    /// @param lastOctetNanos when the last octet had been written
    /// @param octets with the lengths of messages and the signatures
    public record Sent(boolean changes, long askedNanos, long lastOctetNanos, long octets) {}

    private record Published(PreparedVersion version, CompletableFuture<Sent> sent) {}

    /// Starts a primary.
    ///
    /// @param address where it listens, by UDP and TCP; port 0 takes a free one
    public CannedPrimary(InetSocketAddress address, TsigKey key) throws IOException {
        this.key = key;
        keys = new TsigKeys(List.of(key));
        tcp = new ServerSocket();
        tcp.setReuseAddress(true);
        tcp.bind(address);
        udp = new DatagramSocket(tcp.getLocalSocketAddress());
        listeners =
                List.of(
                        Thread.ofPlatform().daemon().name("primary-udp").start(this::datagrams),
                        Thread.ofPlatform().daemon().name("primary-tcp").start(this::connections));
    }

    /// Returns the address with its port.
    public InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    /// Returns why the last request was refused; empty if none was.
    public String refused() {
        return refused;
    }

    /// Serves a version from now on.
    ///
    /// @return what is sent when the first secondary transfers it
    public CompletableFuture<Sent> publish(PreparedVersion version) {
        CompletableFuture<Sent> sent = new CompletableFuture<>();
        published.put(version.zone(), new Published(version, sent));
        return sent;
    }

    /// Sends a signed NOTIFY, and waits for its reply. It is repeated if none comes.
    ///
    /// @return when it was sent the first time
    public long notify(InetSocketAddress secondary, PreparedVersion version) throws IOException {
        byte[] request = NotifyMessage.request(version.serial() & 0xffff, version.soa());
        byte[] signed = TsigSigner.request(key).sign(request, request.length, now());
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(tcp.getInetAddress(), 0))) {
            socket.setSoTimeout(NOTIFY_PATIENCE_MILLIS);
            long sentNanos = System.nanoTime();
            for (int attempt = 0; attempt < NOTIFY_ATTEMPTS; attempt++) {
                socket.send(new DatagramPacket(signed, signed.length, secondary));
                DatagramPacket reply =
                        new DatagramPacket(new byte[DATAGRAM_OCTETS_MAX], DATAGRAM_OCTETS_MAX);
                try {
                    socket.receive(reply);
                } catch (SocketTimeoutException _) {
                    continue;
                }
                int rcode = reply.getData()[Header.FLAGS + 1] & Header.OPCODE_MASK;
                if (rcode != Rcode.NOERROR) {
                    throw new IOException("NOTIFY was answered with " + Rcode.name(rcode));
                }
                return sentNanos;
            }
        }
        throw new IOException("NOTIFY was not answered");
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private void datagrams() {
        byte[] buffer = new byte[DATAGRAM_OCTETS_MAX];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Request request = request(Arrays.copyOf(buffer, packet.getLength()));
                if (request != null) {
                    byte[] reply = request.soa();
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                note(e);
            }
        }
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                open.add(socket);
                Thread.Builder sender = Thread.ofPlatform().daemon().name("primary-sender");
                Thread _ = sender.start(() -> connection(socket));
            } catch (IOException e) {
                note(e);
            }
        }
    }

    /// Keeps what went wrong for who waits in vain. Sockets that were closed are no fault.
    private void note(IOException failure) {
        if (!tcp.isClosed()) {
            refused = failure.toString();
        }
    }

    private void connection(Socket socket) {
        try (socket) {
            socket.setSendBufferSize(SEND_BUFFER_OCTETS);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out =
                    new DataOutputStream(
                            new BufferedOutputStream(socket.getOutputStream(), SEND_BUFFER_OCTETS));
            while (true) {
                int length = in.read() << 8 | in.read();
                if (length < 0) {
                    return;
                }
                byte[] octets = new byte[length];
                in.readFully(octets);
                Request request = request(octets);
                if (request == null) {
                    return;
                }
                request.answer(out);
            }
        } catch (IOException e) {
            note(e);
        } finally {
            open.remove(socket);
        }
    }

    /// Returns a request that can be answered, or null after a note why it cannot.
    private @Nullable Request request(byte[] octets) {
        long askedNanos = System.nanoTime();
        if (!(TsigRequests.check(keys, octets, octets.length, now())
                instanceof TsigVerdict.Verified(_, TsigSigner signer))) {
            refused = "a request is not signed as it should be";
            return null;
        }
        if (!(MessageParser.parse(octets) instanceof ParsedMessage.Sound(WholeMessage message))
                || message.questions().size() != 1) {
            refused = "a request is malformed";
            return null;
        }
        Published zone = published.get(message.questions().getFirst().name());
        if (zone == null) {
            refused = "nobody serves " + message.questions().getFirst().name();
            return null;
        }
        return new Request(message, signer, zone, askedNanos);
    }

    private record Request(
            WholeMessage message, TsigSigner signer, Published zone, long askedNanos) {

        /// Answers over TCP.
        void answer(DataOutputStream out) throws IOException {
            PreparedVersion version = zone.version();
            Question question = message.questions().getFirst();
            Integer serial = serial(question);
            boolean current = serial != null && serial == version.serial();
            if (question.type() == RecordType.SOA || current) {
                byte[] reply = soa();
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
                return;
            }
            var from = version.from();
            boolean changes = serial != null && from != null && serial == from.serial();
            List<byte[]> messages = changes ? version.changes() : version.whole();
            if (messages.isEmpty()) {
                throw new IOException(
                        "version %d of %s was asked for, which is only there as changes"
                                .formatted(version.serial(), version.zone()));
            }
            long octets = 0;
            for (int i = 0; i < messages.size(); i++) {
                byte[] signed = signed(messages.get(i), i == 0 ? question.type() : 0);
                out.writeShort(signed.length);
                out.write(signed);
                octets += signed.length + 2;
            }
            out.flush();
            zone.sent().complete(new Sent(changes, askedNanos, System.nanoTime(), octets));
        }

        private @Nullable Integer serial(Question question) {
            boolean ixfr = question.type() == RecordType.IXFR && message.authorities().size() == 1;
            return ixfr ? SoaFields.serial(message.authorities().getFirst().rdata()) : null;
        }

        /// Returns a signed message with the ID of the request.
        ///
        /// @param type the type of its question, 0 if it has no question
        private byte[] signed(byte[] prepared, int type) {
            byte[] message = prepared.clone();
            message[0] = (byte) (this.message.id() >> 8);
            message[1] = (byte) this.message.id();
            if (type != 0) {
                int at = Header.OCTETS + zone.version().zone().wire().length;
                message[at] = (byte) (type >> 8);
                message[at + 1] = (byte) type;
            }
            return signer.sign(message, message.length, now());
        }

        /// Returns the SOA record of the version as a message. To an IXFR over UDP it says that the
        /// client must ask over TCP (RFC 1995 section 2).
        byte[] soa() {
            MessageEncoder encoder = new MessageEncoder(MessageEncoder.TRANSFER_OCTETS_MAX);
            encoder.begin(message.id(), Header.QR | Header.AA, signer.octets());
            boolean fits =
                    encoder.question(message.questions().getFirst())
                            && encoder.record(
                                    MessageSection.ANSWER,
                                    MessageRecord.of(zone.version().soa().record()));
            if (!fits) {
                throw new IllegalStateException("a SOA record is shorter than a message");
            }
            byte[] reply = encoder.message();
            return signer.sign(reply, reply.length, now());
        }
    }

    /// Returns when the port is free again: a socket holds it until the thread that waits for it
    /// has noticed that it is closed.
    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
        for (Socket socket : open) {
            socket.close();
        }
        try {
            for (Thread listener : listeners) {
                listener.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
