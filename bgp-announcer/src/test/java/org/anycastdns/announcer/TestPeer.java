package org.anycastdns.announcer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A BGP neighbor of a few lines that knows no class of ours: AS 65001, hold time 0, IPv4 only. It
/// accepts a session and tells what it hears, a line each.
public final class TestPeer implements AutoCloseable {

    private static final int HEADER_OCTETS = 19;

    /// Version 4, AS 65001, hold time 0, 198.51.100.1; capabilities: IPv4 unicast, four-octet AS.
    private static final String OPEN = "04fde90000c63364010e020c010400010001410400" + "00fde9";

    private final ServerSocket server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    TestPeer() throws IOException {
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /// The next line: `open`, `announce 192.0.2.0/24`, `withdraw 192.0.2.0/24`, `notification 6/2
    /// TEXT`, `closed`.
    String next() throws InterruptedException {
        return Objects.requireNonNull(heard.poll(30, TimeUnit.SECONDS), "nothing was heard");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    converse(socket);
                } catch (IOException e) {
                    if (server.isClosed()) {
                        return;
                    }
                }
                heard.add("closed");
            }
        } finally {
            heard.add("stopped");
        }
    }

    private void converse(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        while (true) {
            in.skipNBytes(16);
            int length = in.readUnsignedShort();
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(length - HEADER_OCTETS);
            switch (type) {
                case 1 -> {
                    heard.add("open");
                    send(out, 1, HexFormat.of().parseHex(OPEN));
                    send(out, 4, new byte[0]);
                }
                case 2 -> update(ByteBuffer.wrap(body));
                case 3 -> {
                    String text = body.length < 3 ? "" : " " + text(body);
                    heard.add("notification " + body[0] + "/" + body[1] + text);
                }
                default -> {}
            }
        }
    }

    private static String text(byte[] body) {
        return new String(body, 3, body.length - 3, StandardCharsets.UTF_8);
    }

    private void update(ByteBuffer body) {
        ByteBuffer withdrawn = body.slice(2, Short.toUnsignedInt(body.getShort(0)));
        int at = 2 + withdrawn.limit();
        int attributes = Short.toUnsignedInt(body.getShort(at));
        int announced = at + 2 + attributes;
        prefixes("withdraw", withdrawn);
        prefixes("announce", body.slice(announced, body.limit() - announced));
    }

    private void prefixes(String verb, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int length = bytes.get();
            byte[] address = new byte[4];
            bytes.get(address, 0, (length + 7) / 8);
            String quad =
                    "%d.%d.%d.%d"
                            .formatted(
                                    address[0] & 255,
                                    address[1] & 255,
                                    address[2] & 255,
                                    address[3] & 255);
            heard.add(verb + " " + quad + "/" + length);
        }
    }

    private static void send(OutputStream out, int type, byte[] body) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int i = 0; i < 16; i++) {
            message.write(0xff);
        }
        message.write((HEADER_OCTETS + body.length) >> 8);
        message.write(HEADER_OCTETS + body.length);
        message.write(type);
        message.writeBytes(body);
        out.write(message.toByteArray());
    }
}
