package org.anycastdns.server.transfer.primary;

import java.util.concurrent.TimeUnit;
import org.anycastdns.server.guard.Peer;
import org.anycastdns.server.serve.ResponseStream;
import org.anycastdns.server.transfer.out.MessageSequence;
import org.anycastdns.server.transfer.out.OutgoingTransfer;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.transfer.out.TransferQuery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A transfer that is being sent. It ends with the version of the zone that it began with.
final class OutgoingStream implements ResponseStream {

    /// How long a transfer may take: a zone of 2 GB over a line of 2 Mbit/s. A client that reads a
    /// little now and then must not hold a version for ever.
    private static final long NANOS_MAX = TimeUnit.HOURS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingStream.class);

    private final OutgoingTransfer transfer;
    private final TransferQuery query;
    private final ProvidedZone zone;
    private final Peer peer;
    private final PrimaryCounters counters;
    private final Runnable released;
    private final long startNanos = System.nanoTime();
    private boolean closed;

    /// @param released is told when the transfer has ended
    OutgoingStream(
            OutgoingTransfer transfer,
            TransferQuery query,
            ProvidedZone zone,
            Peer peer,
            PrimaryCounters counters,
            Runnable released) {
        this.transfer = transfer;
        this.query = query;
        this.zone = zone;
        this.peer = peer;
        this.counters = counters;
        this.released = released;
    }

    @Override
    public byte @Nullable [] next(long epochSeconds) {
        if (System.nanoTime() - startNanos > NANOS_MAX) {
            transfer.messages().fail("it took longer than two hours");
        }
        return transfer.messages().next(epochSeconds);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        released.run();
        MessageSequence messages = transfer.messages();
        String failure = messages.failure();
        if (!messages.isComplete()) {
            counters.count(messages.messages(), messages.octets());
            counters.failed(PrimaryCounters.Failure.BROKEN_OFF);
            LOG.warn("{}, broken off by the client or its silence", line());
        } else if (!failure.isEmpty()) {
            counters.count(messages.messages(), messages.octets());
            counters.failed(PrimaryCounters.Failure.FAILED);
            LOG.error("{}, failed: {}", line(), failure);
        } else {
            counters.sent(transfer.kind(), messages.messages(), messages.octets());
            LOG.info("{}", line());
        }
    }

    private String line() {
        MessageSequence messages = transfer.messages();
        return "zone %s sent to %s: kind=%s transport=%s from=%s serial=%s messages=%d records=%d octets=%d ms=%d"
                .formatted(
                        zone.name(),
                        peer,
                        transfer.kind().label(),
                        peer.encrypted() ? "tls" : "tcp",
                        query.serial().isPresent()
                                ? Integer.toUnsignedString(query.serial().getAsInt())
                                : "none",
                        Integer.toUnsignedString(zone.soa().serial()),
                        messages.messages(),
                        messages.records(),
                        messages.octets(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }
}
