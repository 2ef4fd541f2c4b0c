package org.anycastdns.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.measure.Timeline;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Place;
import org.jspecify.annotations.Nullable;

/// The web server of the lab's page, on loopback. It serves the static files, the state as
/// server-sent events, the buttons as POST requests, and the PoPs' metrics for Prometheus.
final class LabPage implements AutoCloseable {

    /*
     * Each client runs `load --live`, which prints a line every 250 ms. Each PoP is polled once a
     * second. A browser gets the whole state four times a second: it is small, and nothing is lost
     * when a browser reconnects.
     */

    private static final long STATE_MS = 250;
    private static final long LOOK_MS = 1000;

    /// Queries per second of each client: enough to show a gap, too few to cause load.
    private static final int LIVE_RATE = 20;

    /// The most browsers at once; each holds a thread.
    private static final int BROWSERS_MAX = 16;

    private static final Map<String, String> FILES =
            Map.of(
                    "/", "index.html",
                    "/lab.js", "lab.js",
                    "/lab.css", "lab.css");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8");

    private static final Map<String, BiConsumer<Lab, String>> ACTIONS =
            Map.of(
                    "kill", Lab::kill,
                    "hang", Lab::hang,
                    "poweroff", Lab::poweroff,
                    "drain", Lab::drain,
                    "resume", Lab::resume,
                    "start", Lab::start);

    private final Lab lab;
    private final Map<String, Json> clients = new ConcurrentHashMap<>();
    private final Map<String, Long> queries = new ConcurrentHashMap<>();
    private final Map<String, Double> rates = new ConcurrentHashMap<>();
    private final List<Process> observers = new ArrayList<>();
    private final java.util.concurrent.ScheduledExecutorService clock =
            Executors.newScheduledThreadPool(1);
    private volatile List<PopStatus> machines = List.of();
    private volatile long looked = System.nanoTime();
    private @Nullable HttpServer server;

    /// Creates the page of a running lab.
    LabPage(Lab lab) {
        this.lab = lab;
    }

    /// Serves the page until the process ends.
    void serve(int port) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        Console.say(
                "ready: http://127.0.0.1:" + start(port) + "/ (Ctrl-C ends it; the lab stays up)");
        Thread.currentThread().join();
    }

    /// Starts the web server.
    ///
    /// @return its port
    private int start(int port) throws IOException {
        HttpServer http;
        try {
            http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException taken) {
            throw new LabException(
                    "port " + port + " on 127.0.0.1 is in use; choose another with --port");
        }
        server = http;
        for (Client client : lab.topology().clients()) {
            observe(client);
        }
        look();
        var _ = clock.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::file);
        http.createContext("/events", this::events);
        http.createContext("/do/", this::act);
        http.createContext("/metrics/", this::metrics);
        http.start();
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        HttpServer http = server;
        if (http != null) {
            http.stop(0);
        }
        observers.forEach(Process::destroy);
        // Ending `docker exec` does not end the process inside the container.
        for (Client client : lab.topology().clients()) {
            lab.inside("client-" + client.name(), List.of("sh", "-c", "kill $(cat /tmp/live.pid)"));
        }
    }

    private void observe(Client client) {
        Process observer =
                lab.engine()
                        .start(
                                List.of(
                                        "exec",
                                        Lab.container("client-" + client.name()),
                                        "sh",
                                        "-c",
                                        "echo $$ >/tmp/live.pid; exec load --live --rate="
                                                + LIVE_RATE));
        observers.add(observer);
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(
                                            observer.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line; (line = lines.readLine()) != null; ) {
                            clients.put(client.name(), Json.parse(line));
                        }
                    } catch (IOException _) {
                        // The container is gone, so the client is shown without a PoP.
                    }
                    clients.remove(client.name());
                });
    }

    private void look() {
        try {
            List<PopStatus> now = lab.machines();
            long at = System.nanoTime();
            double seconds = (at - looked) / 1e9;
            for (PopStatus pop : now) {
                Long before = queries.put(pop.name(), pop.queries());
                boolean known = before != null && before >= 0 && pop.queries() >= before;
                rates.put(pop.name(), known ? (pop.queries() - before) / seconds : 0);
            }
            looked = at;
            machines = now;
        } catch (LabException gone) {
            machines = List.of();
        }
    }

    private String state() {
        Topology topology = lab.topology();
        List<PopStatus> seen = machines;
        Agreement agreement = Agreement.of(seen);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("at", System.currentTimeMillis());
        state.put(
                "pops",
                seen.stream()
                        .flatMap(pop ->
                                topology
                                        .pop(pop.name())
                                        .map(entry -> pop(pop, entry, topology, agreement))
                                        .stream())
                        .toList());
        state.put(
                "primaries",
                topology.primary()
                        .map(primary -> primary(primary, seen))
                        .map(List::of)
                        .orElse(List.of()));
        state.put(
                "routers",
                topology.routers().stream()
                        .map(r ->
                                Map.of(
                                        "name",
                                        r.name(),
                                        "as",
                                        r.as(),
                                        "software",
                                        r.software().name(),
                                        "map",
                                        map(r.place())))
                        .toList());
        state.put(
                "links", topology.links().stream().map(l -> List.of(l.left(), l.right())).toList());
        state.put("clients", topology.clients().stream().map(this::client).toList());
        return Json.text(state);
    }

    private static Map<String, Object> primary(Topology.Primary entry, List<PopStatus> seen) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("name", Topology.Primary.NAME);
        text.put("router", entry.router());
        text.put("map", map(entry.place()));
        text.put("zones", entry.zones());
        seen.stream()
                .filter(machine -> machine.name().equals(Topology.Primary.NAME))
                .forEach(machine -> {
                    text.put(
                            "responder",
                            machine.containers().getOrDefault(machine.name() + "-dns", ""));
                    version(machine, text);
                });
        return text;
    }

    private static void version(PopStatus machine, Map<String, Object> text) {
        ZoneVersion shown = machine.zones().get(Main.SHOWN_ZONE);
        text.put("serial", shown == null ? "-" : shown.serial());
        text.put("digest", shown == null ? "-" : shown.shortDigest());
    }

    private Map<String, Object> pop(
            PopStatus pop, Topology.Pop entry, Topology topology, Agreement agreement) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("name", pop.name());
        text.put("router", entry.router());
        text.put("map", map(entry.place()));
        text.put("color", Timeline.color(topology.popNames().indexOf(pop.name())));
        text.put("machine", pop.containers().getOrDefault(pop.name(), ""));
        text.put("responder", pop.containers().getOrDefault(pop.name() + "-dns", ""));
        text.put("grade", pop.grade());
        text.put("action", pop.announcer().at("decision", "action").text());
        text.put("announced", pop.announced());
        text.put("reasons", pop.reasons());
        version(pop, text);
        // A responder that is down is shown as such.
        text.put("differences", pop.zones().isEmpty() ? List.of() : agreement.differences(pop));
        text.put("rate", Math.round(rates.getOrDefault(pop.name(), 0.0)));
        return text;
    }

    private Map<String, Object> client(Client client) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("name", client.name());
        text.put("router", client.router());
        text.put("map", map(client.place()));
        Json live = clients.getOrDefault(client.name(), Json.NOTHING);
        text.put("at", live.at("at"));
        text.put("counts", live.at("counts"));
        return text;
    }

    private static List<Double> map(Place place) {
        return List.of(place.latitude(), place.longitude());
    }

    private final java.util.concurrent.Semaphore browsers =
            new java.util.concurrent.Semaphore(BROWSERS_MAX);

    private void events(HttpExchange exchange) throws IOException {
        if (!browsers.tryAcquire()) {
            answer(exchange, 503, "text/plain", "too many pages are open\n");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!Thread.currentThread().isInterrupted()) {
                out.write(("data: " + state() + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(STATE_MS * 1_000_000);
            }
        } finally {
            browsers.release();
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        String name = FILES.get(exchange.getRequestURI().getPath());
        if (name == null || !exchange.getRequestMethod().equals("GET")) {
            answer(
                    exchange,
                    404,
                    "text/plain",
                    "there is /, /events, POST /do/ACTION/POP, /metrics/POP/PROGRAM\n");
            return;
        }
        try (InputStream in = LabPage.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IOException("no page " + name);
            }
            String type = TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain");
            answer(exchange, 200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /// Handles POST /do/ACTION/POP, only from this page. Forms of other sites cannot set the
    /// header. A foreign name that resolves to this machine is not a loopback name (DNS rebinding).
    private void act(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        BiConsumer<Lab, String> action = path.length == 4 ? ACTIONS.get(path[2]) : null;
        if (!exchange.getRequestMethod().equals("POST")
                || exchange.getRequestHeaders().getFirst("X-Lab") == null
                || !local(exchange)) {
            answer(exchange, 403, "text/plain", "only a POST of the lab's own page\n");
        } else if (action == null) {
            answer(exchange, 404, "text/plain", "there is no such action\n");
        } else {
            try {
                action.accept(lab, path[3]);
                answer(exchange, 200, "text/plain", path[3] + ": " + path[2] + " done\n");
            } catch (LabException sentence) {
                answer(exchange, 409, "text/plain", sentence.getMessage() + "\n");
            }
        }
    }

    private static boolean local(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        try {
            String name = URI.create("http://" + host).getHost();
            return "127.0.0.1".equals(name) || "localhost".equals(name);
        } catch (IllegalArgumentException notHost) {
            return false;
        }
    }

    /// Handles GET /metrics/POP/dns-server and /metrics/POP/bgp-announcer, also of the primary. The
    /// admin ports are on the machine's own loopback.
    private void metrics(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        boolean known = path.length == 4 && lab.topology().machineNames().contains(path[2]);
        String port =
                known ? Map.of("dns-server", "9153", "bgp-announcer", "9179").get(path[3]) : null;
        if (port == null) {
            answer(
                    exchange,
                    404,
                    "text/plain",
                    "there is /metrics/POP/dns-server and /metrics/POP/bgp-announcer\n");
            return;
        }
        String text = lab.inside(path[2], List.of("admin", "--lines", port + "/metrics")).out();
        answer(exchange, text.isBlank() ? 503 : 200, "text/plain; version=0.0.4", text);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
