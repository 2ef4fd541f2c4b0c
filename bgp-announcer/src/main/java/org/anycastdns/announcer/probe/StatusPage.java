package org.anycastdns.announcer.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// Asks about the zones that the responder itself lists in its `/status`, one after the other.
/// While there is no such list, the responder's own name is asked (id.server, which needs no zone).
///
/// A wrong answer makes the list be read anew: a zone may have been removed on purpose. Since the
/// next probe asks about another zone, one zone's trouble never adds up to a fall; that is what
/// `health.names` is for.
public final class ServedZones implements Questions, AutoCloseable {

    /// The list is a sample of what is served, not an inventory.
    private static final int ZONES_MAX = 1000;

    /// A list that is longer is not read: it would cost more than the sample is worth.
    private static final int BYTES_MAX = 4 << 20;

    /// How old the list may become; a removed zone is noticed at once, a new one can wait.
    private static final Duration REFRESH = Duration.ofSeconds(30);

    /// Between two readings, however many answers are wrong.
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final URI status;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(TIMEOUT)
                    .build();
    private final AtomicInteger turn = new AtomicInteger();
    private final Semaphore doubts = new Semaphore(0);
    private final Thread thread;
    private volatile List<Query> queries = List.of(Query.ID_SERVER);
    private volatile boolean closed;

    /// Reads the list beside the lifeline, from a thread that has not started.
    ///
    /// @param lifeline the lifeline's address; the list is at `/status` of the same server
    public ServedZones(URI lifeline) {
        this.status = lifeline.resolve("/status");
        this.thread = Thread.ofPlatform().daemon().name("probe-zones").unstarted(this::run);
    }

    /// Starts to read the list.
    public void start() {
        thread.start();
    }

    @Override
    public List<Query> next() {
        List<Query> now = queries;
        return List.of(now.get(Math.floorMod(turn.getAndIncrement(), now.size())));
    }

    @Override
    public void doubtful() {
        doubts.release();
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                List<Name> zones = read();
                queries =
                        zones.isEmpty()
                                ? List.of(Query.ID_SERVER)
                                : zones.stream().map(Query::soa).toList();
                LockSupport.parkNanos(PAUSE.toNanos());
                if (doubts.tryAcquire(wait(zones).toMillis(), TimeUnit.MILLISECONDS)) {
                    doubts.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            closed = true;
        }
    }

    private static Duration wait(List<Name> zones) {
        return zones.isEmpty() ? PAUSE : REFRESH;
    }

    /// The zones listed; empty when there is no list.
    private List<Name> read() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(status).timeout(TIMEOUT).build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(BYTES_MAX + 1);
                return response.statusCode() == 200 && bytes.length <= BYTES_MAX
                        ? zones(new String(bytes, StandardCharsets.UTF_8))
                        : List.of();
            }
        } catch (IOException _) {
            return List.of();
        }
    }

    /// The zones in a status text: `{"zones":[{"name":"example.com."}, ...]}`.
    static List<Name> zones(String json) {
        Map<?, ?> text = Json.object(json);
        List<Name> names = new ArrayList<>();
        if (text != null && text.get("zones") instanceof List<?> zones) {
            for (Object zone : zones) {
                if (names.size() < ZONES_MAX
                        && zone instanceof Map<?, ?> properties
                        && properties.get("name") instanceof String name) {
                    add(name, names);
                }
            }
        }
        return names;
    }

    private static void add(String name, List<Name> names) {
        try {
            names.add(Name.fromString(name, Name.root));
        } catch (TextParseException _) {
            return; // a name that is none cannot be asked; the others can
        }
    }
}
