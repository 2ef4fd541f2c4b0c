package org.anycastdns.server.transfer.primary;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.transfer.out.OutgoingTransfer;

/// Counts what happened between this server and its secondaries. Thread-safe.
public final class PrimaryCounters {

    private final Map<OutgoingTransfer.Kind, LongAdder> sent = adders(OutgoingTransfer.Kind.class);
    private final Map<Failure, LongAdder> failed = adders(Failure.class);
    private final Map<Notified, LongAdder> notified = adders(Notified.class);
    private final Map<Received, LongAdder> received = adders(Received.class);
    private final LongAdder octets = new LongAdder();
    private final LongAdder messages = new LongAdder();

    /// Why a request for a zone did not get it.
    enum Failure {
        /// An access list does not have the peer.
        REFUSED,
        /// There is no such zone.
        NOTAUTH,
        /// The request is malformed.
        FORMERR,
        /// The zone has no data.
        NO_DATA,
        /// Too many transfers ran.
        BUSY,
        /// The client ended the connection, or was too slow.
        BROKEN_OFF,
        /// A record does not fit into a message, or the transfer took too long.
        FAILED
    }

    /// What became of a NOTIFY.
    enum Notified {
        /// It was sent, for the first time or again.
        SENT,
        /// A reply without error came.
        ACCEPTED,
        /// A reply with an error came.
        REFUSED,
        /// No reply came to any attempt.
        SILENT
    }

    /// What became of a NOTIFY of somebody else.
    enum Received {
        /// The zone is checked soon.
        TAKEN,
        /// The sender is no primary of the zone.
        REFUSED,
        /// There is no such zone.
        NOTAUTH,
        /// The request is malformed.
        FORMERR
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E each : type.getEnumConstants()) {
            adders.put(each, new LongAdder());
        }
        return adders;
    }

    void sent(OutgoingTransfer.Kind kind, int messageCount, long octetCount) {
        add(sent, kind);
        count(messageCount, octetCount);
    }

    void failed(Failure failure) {
        add(failed, failure);
    }

    /// Counts what was sent of a transfer, also if it ended early.
    void count(int messageCount, long octetCount) {
        messages.add(messageCount);
        octets.add(octetCount);
    }

    void notified(Notified what) {
        add(notified, what);
    }

    void received(Received what) {
        add(received, what);
    }

    private static <E extends Enum<E>> void add(Map<E, LongAdder> adders, E to) {
        Objects.requireNonNull(adders.get(to)).increment();
    }

    private static <E extends Enum<E>> Map<String, Long> counts(Map<E, LongAdder> adders) {
        Map<String, Long> counts = new LinkedHashMap<>();
        adders.forEach((each, count) ->
                counts.put(each.name().toLowerCase(Locale.ROOT).replace('_', '-'), count.sum()));
        return counts;
    }

    /// Returns complete transfers by what was sent.
    public Map<String, Long> sent() {
        return counts(sent);
    }

    /// Returns requests for zones that failed, by reason.
    public Map<String, Long> failed() {
        return counts(failed);
    }

    /// Returns what became of NOTIFYs to secondaries.
    public Map<String, Long> notified() {
        return counts(notified);
    }

    /// Returns what became of NOTIFYs of others.
    public Map<String, Long> received() {
        return counts(received);
    }

    /// Returns the octets of all messages of transfers.
    public long octets() {
        return octets.sum();
    }

    /// Returns the number of all messages of transfers.
    public long messages() {
        return messages.sum();
    }
}
