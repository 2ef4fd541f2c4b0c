package org.anycastdns.server.ops;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.SameOrigin;
import org.anycastdns.server.reload.ZonesStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream of server-sent events that tells the announcer that the responder works: one state
/// record immediately, then one every 100 ms.
///
/// A record does not only show that this thread runs. None is sent if a worker thread has not
/// completed its latest small task within {@link Pulse#SILENCE_NANOS_MAX}. When the process ends,
/// the kernel closes the stream. Everything here runs on one event loop.
final class Lifeline {

    /// Milliseconds between two records, as agreed with the announcer.
    static final long BEAT_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    private final Vitals vitals;
    private final LongSupplier nanoTime;
    private final Pulse pulse = new Pulse();
    private final Set<Channel> clients = new LinkedHashSet<>();
    private volatile boolean alive = true;

    /// Creates a lifeline without clients.
    Lifeline(Vitals vitals, LongSupplier nanoTime) {
        this.vitals = vitals;
        this.nanoTime = nanoTime;
    }

    /// Starts to send records on an event loop.
    void start(EventLoop loop) {
        var _ =
                loop.scheduleWithFixedDelay(
                        LongLived.task(this::beat),
                        BEAT_MILLIS,
                        BEAT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /// Returns whether all workers have responded recently.
    boolean alive() {
        return alive;
    }

    /// Adds a client and sends the header and the first record. The stream has no length: it ends
    /// with the connection.
    void add(Channel client) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        SameOrigin.RESPONSE_HEADERS.forEach(header -> head.headers().set(header[0], header[1]));
        var _ = client.write(head);
        if (alive) {
            send(client, record());
        } else {
            client.flush();
        }
        clients.add(client);
        client.closeFuture().addListener(_ -> clients.remove(client));
    }

    /// Sends the periodic record. An error must not end the schedule: a permanently silent lifeline
    /// would withdraw the route permanently.
    private void beat() {
        try {
            vitals.beat();
            alive = pulse.beats(vitals.traffic().workers(), nanoTime.getAsLong());
            if (alive) {
                tell();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("lifeline: no record this time: {}", e.toString());
            LOG.debug("lifeline: the error", e);
        }
    }

    /// Sends a record to all clients. A client that does not read is disconnected, because it would
    /// only get outdated records.
    void tell() {
        if (clients.isEmpty()) {
            return;
        }
        byte[] record = record();
        for (Channel client : Set.copyOf(clients)) {
            if (client.isWritable()) {
                send(client, record);
            } else {
                var _ = client.close();
            }
        }
    }

    private static void send(Channel client, byte[] record) {
        var _ = client.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(record)));
    }

    private byte[] record() {
        ZonesStatus zones = vitals.zones();
        String json =
                Json.write(
                        Json.object(
                                "state", vitals.state().label(),
                                "identity", vitals.identity().name(),
                                "zones", zones == null ? 0 : zones.availableCount(),
                                "records", zones == null ? 0L : zones.recordCount(),
                                "queries", vitals.traffic().answered(),
                                "time", vitals.now().toString()));
        return ("data: " + json + "\n\n").getBytes(StandardCharsets.US_ASCII);
    }
}
