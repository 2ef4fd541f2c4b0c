package org.anycastdns.announcer.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Report;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// Reads the responder's `/status` page periodically. The page lists the served zones, and the
/// probes query one of them after the other. It also shows the state of the zones, which is soft
/// evidence. Without a list of zones, the probes ask for the responder's identity (id.server, which
/// needs no zone). Nothing is reported while the page cannot be read.
///
/// A wrong response makes the page be read again, because a zone may have been removed on purpose.
/// The next probe queries another zone, so a problem of one zone never takes a transport down. Use
/// `health.names` for that.
public final class StatusPage extends Loop implements Questions {

    /// The maximum number of zones to query. The list is a sample, not an inventory.
    private static final int ZONES_MAX = 1000;

    /// The maximum size of the page in bytes. A larger page is not read, because the sample is not
    /// worth the cost.
    private static final int BYTES_MAX = 4 << 20;

    /// The minimum time between two reads, however many responses are wrong.
    private static final Duration PAUSE = Duration.ofMillis(200);

    /// The minimum time between two reads, as a multiple of the time that a read takes. So a slow
    /// page is read less often.
    private static final int REST = 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /// The state of a zone whose newest version is served.
    private static final String SERVED = "served";

    private final WebServer server;
    private final Duration interval;
    private final Consumer<? super Observation> sink;
    private final AtomicInteger turn = new AtomicInteger();
    private final Semaphore doubts = new Semaphore(0);
    private volatile List<Query> queries = List.of(Query.ID_SERVER);

    /// Creates a reader that has not started.
    ///
    /// @param lifeline the URL of the lifeline; the page is at `/status` of the same server
    /// @param interval the time between two reads
    /// @param sink receives a report after each read, on the reader's own thread
    public StatusPage(URI lifeline, Duration interval, Consumer<? super Observation> sink) {
        this(lifeline, CheckConfig.Trust.USUAL, interval, sink);
    }

    /// Creates a reader that has not started.
    ///
    /// @param lifeline the URL of the lifeline; the page is at `/status` of the same server
    /// @param trust whom to believe if it is HTTPS
    /// @param interval the time between two reads
    /// @param sink receives a report after each read, on the reader's own thread
    public StatusPage(
            URI lifeline,
            CheckConfig.Trust trust,
            Duration interval,
            Consumer<? super Observation> sink) {
        super("probe-status", LongLived::restarted);
        this.server = new WebServer(lifeline.resolve("/status"), trust, TIMEOUT);
        this.interval = interval;
        this.sink = sink;
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
    protected void stopWaiting() {
        server.close();
        doubts.release();
    }

    @Override
    protected void round() {
        try {
            long start = System.nanoTime();
            Map<?, ?> page = read();
            List<Name> zones = page == null ? List.of() : zones(page);
            queries =
                    zones.isEmpty()
                            ? List.of(Query.ID_SERVER)
                            : zones.stream().map(Query::soa).toList();
            if (page != null) {
                sink.accept(new Observation.Reported(report(page, Instant.now())));
            }
            long took = System.nanoTime() - start;
            pause(PAUSE.toNanos());
            long rest =
                    zones.isEmpty()
                            ? PAUSE.toNanos()
                            : Math.max(interval.minus(PAUSE).toNanos(), REST * took);
            if (doubts.tryAcquire(rest, TimeUnit.NANOSECONDS)) {
                doubts.drainPermits();
            }
        } catch (InterruptedException _) {
            close();
        }
    }

    /// Returns the page, or null when there is none.
    private @Nullable Map<?, ?> read() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri()).timeout(TIMEOUT).build();
        try {
            HttpResponse<InputStream> response =
                    server.client().send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(BYTES_MAX + 1);
                return response.statusCode() == 200 && bytes.length <= BYTES_MAX
                        ? Json.read(new String(bytes, StandardCharsets.UTF_8))
                        : null;
            }
        } catch (IOException _) {
            return null;
        }
    }

    /// Returns the report about the zones of a page:
    /// `{"zones":[{"name":"example.com.","state":"stale","error":"...",
    /// "signature-expiry":"2026-..."}],"unavailable":[...]}`.
    static Report report(Map<?, ?> page, Instant now) {
        int stale = 0;
        String example = "";
        long seconds = Long.MAX_VALUE;
        String signed = "";
        for (String list : List.of("zones", "unavailable")) {
            for (Object zone : page.get(list) instanceof List<?> all ? all : List.of()) {
                if (!(zone instanceof Map<?, ?> properties)) {
                    continue;
                }
                String name = Printable.of(String.valueOf(properties.get("name")));
                if (properties.get("state") instanceof String state && !state.equals(SERVED)) {
                    stale++;
                    String why = Printable.of(String.valueOf(properties.get("error")));
                    example = example.isEmpty() ? name + " is " + state + ", " + why : example;
                }
                long left = secondsLeft(properties.get("signature-expiry"), now);
                if (left < seconds) {
                    seconds = left;
                    signed = name;
                }
            }
        }
        return new Report(stale, example, seconds, signed);
    }

    private static long secondsLeft(@Nullable Object expiry, Instant now) {
        try {
            return expiry instanceof String text
                    ? Duration.between(now, Instant.parse(text)).toSeconds()
                    : Long.MAX_VALUE;
        } catch (DateTimeParseException _) {
            return Long.MAX_VALUE;
        }
    }

    /// Returns the served zones of a page: `{"zones":[{"name":"example.com."}, ...]}`.
    static List<Name> zones(Map<?, ?> page) {
        List<Name> names = new ArrayList<>();
        if (page.get("zones") instanceof List<?> zones) {
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
            return; // skip a malformed name
        }
    }
}
