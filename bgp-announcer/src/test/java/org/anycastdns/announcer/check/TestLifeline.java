package org.anycastdns.announcer.check;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// An HTTP server of a few lines: `/lifeline` streams a state record at once and every 100 ms,
/// `/status` lists zones; everything else is not found.
public final class TestLifeline implements AutoCloseable {

    private static final String READY =
            "{\"state\":\"ready\",\"identity\":\"ams1\",\"zones\":1,\"records\":9,\"queries\":7,"
                    + "\"time\":\"2026-11-22T10:00:00Z\"}";

    private final ServerSocket server;
    private final Set<Socket> streams = ConcurrentHashMap.newKeySet();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    private volatile String record = READY;
    private volatile String status = "{\"zones\":[{\"name\":\"example.com.\"}]}";
    private volatile boolean beating = true;

    public TestLifeline(int port) throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofPlatform().daemon().start(this::accept);
        var _ = beats.scheduleAtFixedRate(this::beat, 100, 100, TimeUnit.MILLISECONDS);
    }

    public int port() {
        return server.getLocalPort();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/lifeline");
    }

    /// Sends this record from now on, and at once.
    public void record(String json) {
        record = json;
        beat();
    }

    public void status(String json) {
        status = json;
    }

    /// Falls silent; connections stay.
    public void hang() {
        beating = false;
    }

    /// Ends every connection, as the kernel does for a process that is gone.
    public void dropConnections() throws IOException {
        for (Socket socket : connections) {
            socket.close();
        }
        connections.clear();
        streams.clear();
    }

    /// Goes as a killed process goes: everything is closed at once.
    public void die() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        beats.shutdownNow();
        server.close();
        dropConnections();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            beats.shutdownNow();
        }
    }

    private void serve(Socket socket) {
        try {
            Scanner in = new Scanner(socket.getInputStream(), StandardCharsets.US_ASCII);
            String path = in.nextLine().split(" ")[1];
            String header = in.nextLine();
            while (!header.isEmpty()) {
                header = in.nextLine();
            }
            OutputStream out = socket.getOutputStream();
            switch (path) {
                case "/lifeline" -> {
                    write(out, head("200 OK", "Transfer-Encoding: chunked") + event());
                    streams.add(socket);
                }
                case "/status" ->
                        write(out, head("200 OK", "Content-Length: " + status.length()) + status);
                default -> write(out, head("404 Not Found", "Content-Length: 0"));
            }
        } catch (IOException | RuntimeException _) {
            connections.remove(socket);
        }
    }

    private void beat() {
        if (!beating) {
            return;
        }
        streams.removeIf(socket -> {
            try {
                write(socket.getOutputStream(), event());
                return false;
            } catch (IOException _) {
                return true;
            }
        });
    }

    private static String head(String status, String length) {
        return "HTTP/1.1 " + status + "\r\n" + length + "\r\n\r\n";
    }

    private String event() {
        String event = "event: state\ndata: " + record + "\n\n";
        return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    }

    private static synchronized void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
