package org.anycastdns.server.transfer.secondary;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;

/// A primary of {@link CannedPrimary#ZONE} on loopback, over UDP and TCP, which remembers all
/// versions and what it was asked. It may have other zones too, small ones without history.
final class LoopbackPrimary implements AutoCloseable {

    /// How the primary answers.
    enum Manner {
        /// As it should.
        USUAL,
        /// It does not know IXFR.
        NO_IXFR,
        /// Its changes delete a record that no version had.
        WRONG_CHANGES,
        /// It closes the connection in the middle of a transfer.
        TORN,
        /// It refuses everything.
        REFUSES,
        /// It does not answer.
        SILENT
    }

    /// Answers some requests otherwise.
    @FunctionalInterface
    interface Script {

        /// Returns the messages to send; of one without octets the connection ends. Null for the
        /// usual answer.
        @Nullable List<byte[]> replies(byte[] request, int type, boolean stream) throws IOException;
    }

    private static final int RECORDS_PER_MESSAGE = 100;

    private static final String DELETED_WRONGLY = "never.example. A 192.0.2.99";

    private final InetSocketAddress address;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Version> versions = new CopyOnWriteArrayList<>();
    private final Map<Name, Long> others = new ConcurrentHashMap<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    /// What it was asked, such as `SOA` or `AXFR`.
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /// What it was asked about the other zones, such as `AXFR one.test.`.
    final BlockingQueue<String> askedOthers = new LinkedBlockingQueue<>();

    /// The addresses of clients, over UDP and TCP.
    final Set<InetAddress> clients = ConcurrentHashMap.newKeySet();

    /// How many connections were made.
    final AtomicInteger connections = new AtomicInteger();

    /// Whether responses over TCP say that idle connections stay for five minutes (RFC 7828).
    private volatile boolean keeps;

    volatile Manner manner = Manner.USUAL;

    volatile Script script = (_, _, _) -> null;

    private record Version(long serial, List<String> records) {}

    LoopbackPrimary() throws IOException {
        this(0);
    }

    LoopbackPrimary(int port) throws IOException {
        this(new ServerSocket(), port);
    }

    /// Makes one that speaks TLS in place of plain TCP, and keeps idle connections.
    static LoopbackPrimary overTls(TestCertificate certificate)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "key",
                certificate.key(),
                new char[0],
                new Certificate[] {certificate.certificate()});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket socket =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"dot"});
        socket.setSSLParameters(parameters);
        LoopbackPrimary primary = new LoopbackPrimary(socket, 0);
        primary.keeps = true;
        return primary;
    }

    private LoopbackPrimary(ServerSocket listening, int port) throws IOException {
        tcp = listening;
        tcp.setReuseAddress(true);
        tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
        udp = new DatagramSocket(address);
        Thread _ = Thread.ofVirtual().start(this::datagrams);
        Thread _ = Thread.ofVirtual().start(this::connections);
    }

    InetSocketAddress address() {
        return address;
    }

    /// Serves another version. The SOA record is added.
    LoopbackPrimary serve(long serial, String... records) {
        versions.add(new Version(serial, List.of(records)));
        return this;
    }

    /// Serves a version of another zone.
    LoopbackPrimary serveOther(String name, long serial) {
        others.put(Name.of(name), serial);
        return this;
    }

    /// Returns what was asked up to now, and forgets it.
    List<String> asked() {
        List<String> all = new ArrayList<>();
        asked.drainTo(all);
        return all;
    }

    private void datagrams() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                clients.add(packet.getAddress());
                byte[] request = Arrays.copyOf(buffer, packet.getLength());
                for (byte[] reply : replies(request, false)) {
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // closed, or the client is gone
            }
        }
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                open.add(socket);
                clients.add(socket.getInetAddress());
                connections.incrementAndGet();
                Thread _ = Thread.ofVirtual().start(() -> connection(socket));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void connection(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] request = new byte[in.readUnsignedShort()];
                in.readFully(request);
                for (byte[] each : replies(request, true)) {
                    if (each.length == 0) {
                        return;
                    }
                    byte[] reply = keeps ? kept(each) : each;
                    out.writeShort(reply.length);
                    out.write(reply);
                    if (manner == Manner.TORN) {
                        return;
                    }
                }
            }
        } catch (IOException _) {
            // the client is gone
        }
    }

    private static final byte[] KEPT =
            HexFormat.of().parseHex("00002904d0000000000006000b00020bb8");

    private static byte[] kept(byte[] reply) {
        byte[] longer = Arrays.copyOf(reply, reply.length + KEPT.length);
        System.arraycopy(KEPT, 0, longer, reply.length, KEPT.length);
        longer[11]++;
        return longer;
    }

    /// Closes all connections.
    void hangUp() throws IOException {
        for (Socket each : open) {
            each.close();
        }
    }

    private List<byte[]> replies(byte[] request, boolean stream) throws IOException {
        WholeMessage message = CannedPrimary.parsed(request);
        int type = message.questions().getFirst().type();
        Name zone = message.questions().getFirst().name();
        Long other = others.get(zone);
        if (other == null) {
            asked.add(RecordType.name(type));
        } else {
            askedOthers.add(RecordType.name(type) + " " + zone);
        }
        List<byte[]> scripted = script.replies(request, type, stream);
        if (scripted != null) {
            return scripted;
        }
        if (manner == Manner.SILENT) {
            return List.of();
        }
        if (other != null && manner == Manner.USUAL) {
            return small(request, zone, other, type == RecordType.SOA);
        }
        boolean refuses =
                manner == Manner.REFUSES || versions.isEmpty() || !zone.equals(CannedPrimary.ZONE);
        if (refuses) {
            return List.of(CannedPrimary.error(request, Rcode.REFUSED));
        }
        if (type == RecordType.IXFR && manner == Manner.NO_IXFR) {
            return List.of(CannedPrimary.error(request, Rcode.NOTIMP));
        }
        Version last = versions.getLast();
        return switch (type) {
            case RecordType.SOA ->
                    List.of(CannedPrimary.reply(request, CannedPrimary.soa(last.serial())));
            case RecordType.IXFR -> changes(request, message.authorities().getFirst());
            default -> whole(request, last);
        };
    }

    private static List<byte[]> small(byte[] request, Name zone, long serial, boolean soaOnly) {
        String soa = "%s SOA ns.example. a.example. %d 3600 600 604800 300".formatted(zone, serial);
        return soaOnly
                ? List.of(CannedPrimary.reply(request, soa))
                : messages(request, List.of(soa, zone + " NS ns.example.", soa));
    }

    private static List<byte[]> whole(byte[] request, Version version) {
        String soa = CannedPrimary.soa(version.serial());
        List<String> answer = new ArrayList<>(List.of(soa));
        answer.addAll(version.records());
        answer.add(soa);
        return messages(request, answer);
    }

    /// The first message has one record, so that the rest can be missing.
    private static List<byte[]> messages(byte[] request, List<String> answer) {
        List<byte[]> messages = new ArrayList<>();
        int end;
        for (int at = 0; at < answer.size(); at = end) {
            end = at == 0 ? 1 : Math.min(answer.size(), at + RECORDS_PER_MESSAGE);
            messages.add(
                    CannedPrimary.reply(request, answer.subList(at, end).toArray(String[]::new)));
        }
        return messages;
    }

    private List<byte[]> changes(byte[] request, MessageRecord ours) {
        long from = Integer.toUnsignedLong(new SoaRecord(ours.zoneRecord()).serial());
        Version last = versions.getLast();
        List<String> answer = new ArrayList<>(List.of(CannedPrimary.soa(last.serial())));
        Version before = null;
        for (Version version : versions) {
            if (before != null) {
                answer.add(CannedPrimary.soa(before.serial()));
                answer.addAll(minus(before.records(), version.records()));
                if (manner == Manner.WRONG_CHANGES) {
                    answer.add(DELETED_WRONGLY);
                }
                answer.add(CannedPrimary.soa(version.serial()));
                answer.addAll(minus(version.records(), before.records()));
            }
            before = before != null || version.serial() == from ? version : null;
        }
        if (before == null) {
            return whole(request, last);
        }
        if (from != last.serial()) {
            answer.add(CannedPrimary.soa(last.serial()));
        }
        return messages(request, answer);
    }

    private static List<String> minus(List<String> records, List<String> others) {
        Set<String> present = Set.copyOf(others);
        return records.stream().filter(each -> !present.contains(each)).toList();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
