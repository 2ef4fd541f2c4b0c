package org.anycastdns.server.ops;

import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.admin.EventStream;
import org.anycastdns.server.reload.ZonesStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream of server-sent events that tells the announcer that the responder works: one state
/// record immediately, then one every 100 ms.
///
/// A record does not only show that this thread runs. None is sent if a worker thread has not
/// completed its latest small task within {@link Pulse#SILENCE_NANOS_MAX}. When the process ends,
/// the kernel closes the stream. Records are made on one event loop.
final class Lifeline {

    /// Milliseconds between two records, as agreed with the announcer.
    static final long BEAT_MILLIS = 100;

    private static final byte[] NOTHING = {};

    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    private final LogLimiter<String> lines = new LogLimiter<>("lifeline");
    private final Vitals vitals;
    private final LongSupplier nanoTime;
    private final Pulse pulse = new Pulse();
    private final EventStream stream = new EventStream(this::first, this::last);
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

    /// Returns the stream of records.
    EventStream stream() {
        return stream;
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
            String error = e.toString();
            lines.log(error, more -> LOG.error("lifeline: no record: {}{}", error, more));
            LOG.debug("lifeline: the error", e);
        }
    }

    /// Sends a record to all clients.
    void tell() {
        if (!stream.isEmpty()) {
            stream.send(event(record()));
        }
    }

    /// Returns what a new client gets at once: nothing while a worker hangs.
    private byte[] first() {
        return alive ? event(record()) : NOTHING;
    }

    /// Returns the record for a client that must make room for others. It says so, because the
    /// announcer must not take the end of the stream for the end of this process.
    private byte[] last() {
        if (!alive) {
            return NOTHING;
        }
        Map<String, Object> record = record();
        record.put("displaced", true);
        return event(record);
    }

    private Map<String, Object> record() {
        ZonesStatus zones = vitals.zones();
        Map<String, Object> record =
                Json.object(
                        "state", vitals.state().label(),
                        "identity", vitals.identity.name(),
                        "zones", zones == null ? 0 : zones.availableCount(),
                        "records", zones == null ? 0L : zones.recordCount(),
                        "queries", vitals.traffic().answered(),
                        "time", vitals.now().toString());
        StatusReport.addContent(vitals, record);
        return record;
    }

    private static byte[] event(Map<String, Object> record) {
        return ("data: " + Json.write(record) + "\n\n").getBytes(StandardCharsets.US_ASCII);
    }
}
