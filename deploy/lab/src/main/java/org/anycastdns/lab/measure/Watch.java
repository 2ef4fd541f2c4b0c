package org.anycastdns.lab.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.engine.Json;
import org.jspecify.annotations.Nullable;

/// Watches until each of several servers answers with a serial. It asks each of them every 2 ms for
/// the zone's SOA, and prints one line of JSON for each thing that it sees:
///
///     {"first": {"198.51.100.2": 41, "198.51.100.18": 41}}       who answers, and with what serial
///     {"server": "198.51.100.2", "at": 1733049600123.4}          when it answered with the wanted one
///
/// The time is in milliseconds since 1970, by the clock that all containers of a host share. A zone
/// that is not there has the serial -1.
final class Watch implements AutoCloseable {

    /// Time between two queries to a server, and so the resolution.
    private static final double STEP_MS = 2;

    /// How long a server may take to answer the first time. One that is down does not answer at
    /// all, and is left out.
    private static final double FIRST_MS = 1_500;

    /// A server that is watched.
    private static final class Target {
        final String address;
        final DatagramChannel channel;
        @Nullable Long first;
        boolean arrived;

        Target(String address, DatagramChannel channel) {
            this.address = address;
            this.channel = channel;
        }
    }

    private final String zone;
    private final long wanted;
    private final PrintStream out;
    private final long startEpochMs = System.currentTimeMillis();
    private final Clock clock = new Clock(startEpochMs);
    private final Selector selector = Selector.open();
    private final Map<SelectionKey, Target> targets = new LinkedHashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);
    private int id;

    /// Whether the first line is printed; no server arrives before.
    private boolean begun;

    /// @param wanted the serial to wait for, or -1 for any other than the first one
    Watch(List<String> addresses, int port, String zone, long wanted, PrintStream out)
            throws IOException {
        this.zone = zone;
        this.wanted = wanted;
        this.out = out;
        for (String address : addresses) {
            DatagramChannel channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(address, port));
            targets.put(
                    channel.register(selector, SelectionKey.OP_READ), new Target(address, channel));
        }
    }

    /// Watches until every server that answers has arrived, or for some time.
    void run(double seconds) throws IOException {
        double deadlineMs = FIRST_MS;
        while (clock.nowMs() < deadlineMs
                && targets.values().stream().anyMatch(target -> target.first == null)) {
            step();
        }
        Map<String, Long> first = new LinkedHashMap<>();
        for (Target target : targets.values()) {
            Long serial = target.first;
            if (serial == null) {
                target.arrived = true;
            } else {
                first.put(target.address, serial);
            }
        }
        out.println(Json.text(Map.of("first", first)));
        begun = true;
        deadlineMs = clock.nowMs() + seconds * 1000;
        while (clock.nowMs() < deadlineMs
                && !out.checkError()
                && targets.values().stream().anyMatch(target -> !target.arrived)) {
            step();
        }
    }

    /// Asks every server that has not arrived, and reads until it is time to ask again.
    private void step() throws IOException {
        double nextMs = clock.nowMs() + STEP_MS;
        id = (id + 1) & 0xFFFF;
        for (Target target : targets.values()) {
            if (!target.arrived) {
                ask(target);
            }
        }
        for (double left; (left = nextMs - clock.nowMs()) > 0; ) {
            selector.select(Math.max(1, (long) left));
            for (SelectionKey key : selector.selectedKeys()) {
                Target target = targets.get(key);
                if (target != null) {
                    read(target);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void ask(Target target) {
        try {
            target.channel.write(ByteBuffer.wrap(Reply.question(id, zone)));
        } catch (IOException _) {
            // Nothing listens there now. It is asked again.
        }
    }

    private void read(Target target) {
        try {
            while (target.channel.read(buffer.clear()) > 0) {
                double atMs = clock.nowMs();
                Reply reply = Reply.parse(buffer.flip());
                Long first = target.first;
                if (first == null) {
                    target.first = reply.serial();
                } else if (begun && !target.arrived && arrives(first, reply.serial())) {
                    target.arrived = true;
                    out.println(
                            Json.text(Map.of("server", target.address, "at", startEpochMs + atMs)));
                }
            }
        } catch (IOException _) {
            // An ICMP error: nothing listens there now. It is asked again.
        }
    }

    private boolean arrives(long first, long serial) {
        return wanted < 0 ? serial >= 0 && serial != first : serial == wanted;
    }

    @Override
    public void close() throws IOException {
        for (Target target : targets.values()) {
            target.channel.close();
        }
        selector.close();
    }
}
