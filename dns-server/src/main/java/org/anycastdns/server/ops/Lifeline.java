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

/// The stream of server-sent events by which the announcer feels that the responder lives: one
/// state record at once and one every 100 ms.
///
/// A record means more than that this thread runs: none is sent while a thread that answers queries
/// has not done a tiny task of its own for {@link Pulse#SILENCE_NANOS_MAX}. When the process ends,
/// the kernel closes the stream. Everything here runs on one event loop.
final class Lifeline {

    /// Between two records, by contract.
    static final long BEAT_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    private final Vitals vitals;
    private final LongSupplier nanoTime;
    private final Pulse pulse = new Pulse();
    private final Set<Channel> clients = new LinkedHashSet<>();
    private volatile boolean alive = true;

    /// A lifeline without clients.
    Lifeline(Vitals vitals, LongSupplier nanoTime) {
        this.vitals = vitals;
        this.nanoTime = nanoTime;
    }

    /// Starts to beat on an event loop.
    void start(EventLoop loop) {
        var _ =
                loop.scheduleWithFixedDelay(
                        LongLived.task(this::beat),
                        BEAT_MILLIS,
                        BEAT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /// Whether all workers answered lately.
    boolean alive() {
        return alive;
    }

    /// Adds a client and sends the head and the first record. The stream has no length: it ends
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

    /// An error must not end the schedule: a lifeline that falls silent for ever withdraws the
    /// route for ever.
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

    /// Sends a record to all clients. One that does not read, so that its records pile up here, is
    /// cut off: it would only see old ones.
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
