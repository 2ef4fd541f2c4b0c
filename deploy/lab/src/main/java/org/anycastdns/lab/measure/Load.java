package org.anycastdns.lab.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.lab.engine.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The program in a client's container. It queries at a constant rate and prints the results as
/// JSON.
@Command(
        name = "load",
        description =
                "Asks for the SOA of a zone at a constant rate over UDP and one kept TCP connection.",
        mixinStandardHelpOptions = true)
final class Load implements Runnable {

    @Option(names = "--server", defaultValue = "192.0.2.53", description = "The server to ask.")
    private String server = "";

    @Option(
            names = "--zone",
            defaultValue = "example.com",
            description = "The zone whose SOA to ask for.")
    private String zone = "";

    @Option(names = "--rate", defaultValue = "1000", description = "Queries per second over UDP.")
    private double rate;

    @Option(
            names = "--tcp-rate",
            defaultValue = "100",
            description = "Queries per second over TCP; 0 means none.")
    private double tcpRate;

    @Option(names = "--seconds", defaultValue = "20", description = "How long to ask.")
    private double seconds;

    @Option(names = "--start", defaultValue = "0", description = "When to begin, in ms since 1970.")
    private long startEpochMs;

    @Option(names = "--flood", description = "Only send, and count nothing.")
    private boolean flood;

    @Option(
            names = "--live",
            description = "Print a line every 250 ms, until the output is closed.")
    private boolean live;

    @Option(
            names = "--watch",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Print when each of these servers first answers with a serial.")
    private List<String> watch = List.of();

    @Option(
            names = "--serial",
            defaultValue = "-1",
            description = "The serial that --watch waits for; -1 is any other than the first one.")
    private long serial;

    /// Lines of `--live` per second: fast enough for the eye.
    private static final int LIVE_LINES = 4;

    /// After this time a response is shown as lost on the page.
    private static final int LIVE_TIMEOUT_MS = 250;

    /// Queries that `--live` remembers: far more than can be sent within the timeout.
    private static final int LIVE_KEPT = 10_000;

    private static final int PORT = 53;

    /// Time between two bursts of `--flood`.
    private static final double BURST_MS = 2;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Load()).execute(arguments));
    }

    @Override
    public void run() {
        long start = startEpochMs == 0 ? System.currentTimeMillis() : startEpochMs;
        Clock clock = new Clock(start);
        InetSocketAddress address = new InetSocketAddress(server, PORT);
        try {
            if (!watch.isEmpty()) {
                watch();
            } else if (flood) {
                flood(address, clock);
            } else if (live) {
                live(address, clock, start);
            } else {
                measure(address, clock);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private void watch() throws IOException {
        try (Watch servers = new Watch(watch, PORT, zone, serial, out)) {
            servers.run(seconds);
        }
    }

    private void measure(InetSocketAddress address, Clock clock) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        try (UdpLoad udp = new UdpLoad(address, zone, clock);
                TcpLoad tcp = new TcpLoad(address, zone, clock)) {
            Thread tcpThread =
                    Thread.ofPlatform()
                            .name("tcp-send")
                            .start(() -> {
                                if (tcpRate > 0) {
                                    tcp.run(tcpRate, seconds * 1000);
                                }
                            });
            udp.run(rate, seconds * 1000);
            tcpThread.join();
            clock.awaitMs(seconds * 1000 + Journal.TIMEOUT_MS);
            result.put("udp", udp.journal.figures());
            result.put("tcp", tcp.figures());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        out.println(Json.text(result));
    }

    /// Sends queries for names that do not exist, as an attacker does.
    private void flood(InetSocketAddress address, Clock clock) throws IOException {
        long sent = 0;
        double stepMs = 1000 / rate;
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.configureBlocking(false);
            channel.connect(address);
            ByteBuffer drop = ByteBuffer.allocate(4096);
            for (; sent * stepMs < seconds * 1000; sent++) {
                // In bursts, because waiting for each query costs more than sending it.
                clock.awaitMs(Math.floor(sent * stepMs / BURST_MS) * BURST_MS);
                try {
                    byte[] query = Reply.question((int) (sent % 0x10000), "x" + sent + "." + zone);
                    channel.write(ByteBuffer.wrap(query));
                    while (channel.read(drop.clear()) > 0) {
                        drop.clear();
                    }
                } catch (IOException _) {
                    // An attacker ignores errors.
                }
            }
        }
        out.println(Json.text(Map.of("sent", sent)));
    }

    private void live(InetSocketAddress address, Clock clock, long start) throws IOException {
        double stepMs = 1000.0 / LIVE_LINES;
        try (UdpLoad udp = new UdpLoad(address, zone, clock)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("udp-send")
                    .start(() -> udp.run(rate, Double.MAX_VALUE));
            for (int line = 0; !out.checkError(); line++) {
                double from = line * stepMs;
                clock.awaitMs(from + stepMs + LIVE_TIMEOUT_MS);
                udp.journal.keep(LIVE_KEPT);
                out.println(
                        Json.text(
                                Map.of(
                                        "at",
                                        start + (long) from,
                                        "counts",
                                        udp.journal.between(from, from + stepMs))));
            }
        }
    }
}
