package org.anycastdns.announcer.check;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// A responder of a few lines over UDP and TCP on one loopback port, made with dnsjava; what it
/// answers can be bent in every way that a probe must notice.
public final class TestResponder implements AutoCloseable {

    /// Bends replies: gets the query and the right reply; null stands for no reply.
    public interface Bend {
        byte @Nullable [] reply(Message query, Message right) throws IOException;
    }

    /// Answers right.
    public static final Bend RIGHT = (_, right) -> right.toWire();

    /// Answers SERVFAIL.
    public static final Bend SERVFAIL =
            (_, right) -> {
                right.getHeader().setRcode(Rcode.SERVFAIL);
                return right.toWire();
            };

    /// Answers right, but as another node.
    public static Bend node(String identity) {
        return (_, right) -> {
            right.removeAllRecords(Section.ADDITIONAL);
            right.addRecord(nsid(identity), Section.ADDITIONAL);
            return right.toWire();
        };
    }

    private final String identity;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Thread udpThread;
    private final Thread tcpThread;
    private volatile Bend bend = RIGHT;

    public TestResponder(String identity) throws IOException {
        this(identity, 0);
    }

    public TestResponder(String identity, int port) throws IOException {
        this.identity = identity;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        tcp = new ServerSocket();
        tcp.setReuseAddress(true);
        tcp.bind(new InetSocketAddress(loopback, port));
        udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        udpThread = Thread.ofPlatform().daemon().start(this::serveUdp);
        tcpThread = Thread.ofPlatform().daemon().start(() -> serveTcp(tcp));
    }

    public void bend(Bend newBend) {
        bend = newBend;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
        try {
            udpThread.join(); // until then the kernel goes on taking datagrams,
            tcpThread.join(); // and connections
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private byte @Nullable [] answer(byte[] request) throws IOException {
        Message query = new Message(request);
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        Record question = query.getQuestion();
        reply.addRecord(question, Section.QUESTION);
        Name name = question.getName();
        if (question.getType() == Type.SOA) {
            reply.addRecord(
                    new SOARecord(name, DClass.IN, 3600, name, name, 1, 2, 3, 4, 5),
                    Section.ANSWER);
        } else if (question.getDClass() == DClass.CHAOS) {
            reply.addRecord(new TXTRecord(name, DClass.CHAOS, 0, identity), Section.ANSWER);
        } else {
            reply.getHeader().setRcode(Rcode.REFUSED);
        }
        if (query.getOPT() != null) {
            reply.addRecord(nsid(identity), Section.ADDITIONAL);
        }
        return bend.reply(query, reply);
    }

    static OPTRecord nsid(String identity) {
        NSIDOption option = new NSIDOption(identity.getBytes(StandardCharsets.UTF_8));
        return new OPTRecord(1232, 0, 0, 0, List.of(option));
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] reply = answer(Arrays.copyOf(buffer, packet.getLength()));
                if (reply != null) {
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException _) {
            udp.close();
        }
    }

    /// Answers over TLS as well, at a port of its own, until the server socket is closed.
    ///
    /// @param context has the certificate and its key
    public ServerSocket tls(SSLContext context) throws IOException {
        ServerSocket tls =
                context.getServerSocketFactory()
                        .createServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> serveTcp(tls));
        return tls;
    }

    private void serveTcp(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            return; // it was closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] request = new byte[in.readUnsignedShort()];
                in.readFully(request);
                byte[] reply = answer(request);
                if (reply == null) {
                    continue;
                }
                ByteArrayOutputStream framed = new ByteArrayOutputStream();
                framed.write(reply.length >> 8);
                framed.write(reply.length);
                framed.writeBytes(reply);
                out.write(framed.toByteArray());
            }
        } catch (IOException _) {
            return; // the client is done
        }
    }
}
