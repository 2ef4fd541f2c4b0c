package org.anycastdns.server.transfer.primary;

import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.guard.Access;
import org.anycastdns.server.guard.Peer;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.serve.TlsClient;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.out.NotifyMessage;
import org.anycastdns.server.transfer.out.OutgoingTransfer;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.transfer.out.TransferQuery;
import org.anycastdns.server.transfer.primary.PrimaryCounters.Failure;
import org.anycastdns.server.transfer.primary.PrimaryCounters.Received;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers AXFR, IXFR and NOTIFY, and hands UPDATE on. Thread-safe.
public final class PrimaryDoor implements ControlDoor {

    /// Transfers that may run at once. Each takes some 200 KiB of buffers and holds one version of
    /// a zone; the network is shared long before that.
    static final int TRANSFERS_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryDoor.class);

    private final PrimaryZones zones;
    private final ExpireSource expiry;
    private final NotifyReceiver notifies;
    private final ControlDoor updates;
    private final PrimaryCounters counters;
    private final AtomicInteger running = new AtomicInteger();
    private final LogLimiter<Refusal> lines = new LogLimiter<>("control_refused");

    /// What a line of the log is about.
    private record Refusal(InetAddress client, Name zone, String what) {}

    /// Creates the door.
    ///
    /// @param expiry tells for how long zones of others may be served
    /// @param notifies takes NOTIFY
    /// @param updates answers UPDATE
    public PrimaryDoor(
            PrimaryZones zones, ExpireSource expiry, NotifyReceiver notifies, ControlDoor updates) {
        this.zones = zones;
        this.expiry = expiry;
        this.notifies = notifies;
        this.updates = updates;
        this.counters = zones.counters();
    }

    /// Returns how many transfers run now.
    public int running() {
        return running.get();
    }

    @Override
    public ControlReply answer(ControlRequest request) {
        return switch (request.opcode()) {
            case Opcode.QUERY -> transfer(request);
            case Opcode.NOTIFY -> notified(request);
            default -> updates.answer(request);
        };
    }

    @Override
    public @Nullable CompletableFuture<byte[]> answerUnknownKey(ControlRequest request) {
        return updates.answerUnknownKey(request);
    }

    private ControlReply transfer(ControlRequest request) {
        if (request.standing() == Standing.NO_ZONE) {
            return failed(Failure.NOTAUTH, Rcode.NOTAUTH, ExtendedError.NOT_AUTHORITATIVE);
        }
        TransferQuery query = TransferQuery.of(request.message());
        if (query == null) {
            return failed(Failure.FORMERR, Rcode.FORMERR, null);
        }
        Peer peer = peer(request);
        TlsClient tls = request.tls();
        if (tls != null && !tls.dot()) {
            return unnamed(query.zone(), peer);
        }
        PrimaryZone settings = zones.settings(query.zone());
        Access access = settings == null ? Access.OTHER_ADDRESS : settings.access().access(peer);
        if (access != Access.ALLOWED) {
            return refused(query.zone(), peer, settings == null, access);
        }
        ProvidedZone zone = zones.version(query.zone());
        if (zone == null || request.standing() == Standing.UNAVAILABLE) {
            return failed(Failure.NO_DATA, Rcode.SERVFAIL, ExtendedError.NOT_READY);
        }
        OptionalLong left = expiry.secondsLeft(zone.name());
        OptionalLong expire = left.isPresent() ? left : OptionalLong.of(zone.soa().expireSeconds());
        return request.transport() == Transport.UDP
                ? datagram(request, query, zone, expire)
                : stream(request, query, zone, expire, peer);
    }

    private static Peer peer(ControlRequest request) {
        TsigVerdict.Verified signature = request.signature();
        TlsClient tls = request.tls();
        return new Peer(
                request.client(),
                signature == null ? null : signature.key().name(),
                request.transport() == Transport.TLS,
                tls == null ? List.of() : tls.names());
    }

    /// Refuses a transfer over TLS to a client that did not ask for DNS over TLS by name: another
    /// protocol may have been led here (RFC 9103 section 7.1).
    private ControlReply unnamed(Name zone, Peer peer) {
        lines.log(
                new Refusal(peer.address(), zone, "alpn"),
                more ->
                        LOG.warn(
                                "transfer of {} refused to {}: the client must offer the application protocol 'dot'{}",
                                zone,
                                peer,
                                more));
        return failed(Failure.REFUSED, Rcode.REFUSED, ExtendedError.PROHIBITED_PROTOCOL);
    }

    private ControlReply failed(Failure failure, int rcode, @Nullable ExtendedError extended) {
        counters.failed(failure);
        return new ControlReply.Plain(rcode, extended);
    }

    private ControlReply refused(Name zone, Peer peer, boolean noList, Access access) {
        String why = noList ? "the zone is not in 'primary'" : access.reason();
        lines.log(
                new Refusal(peer.address(), zone, why),
                more -> LOG.warn("transfer of {} refused to {}: {}{}", zone, peer, why, more));
        return failed(
                Failure.REFUSED,
                Rcode.REFUSED,
                switch (access) {
                    case OTHER_ADDRESS ->
                            noList ? ExtendedError.PROHIBITED : ExtendedError.PROHIBITED_ADDRESS;
                    case OTHER_KEY -> ExtendedError.PROHIBITED_KEY;
                    case NOT_ENCRYPTED -> ExtendedError.PROHIBITED_TRANSPORT;
                    case OTHER_CERTIFICATE -> ExtendedError.PROHIBITED_CERTIFICATE;
                    case ALLOWED -> ExtendedError.PROHIBITED;
                });
    }

    private ControlReply datagram(
            ControlRequest request, TransferQuery query, ProvidedZone zone, OptionalLong expire) {
        OutgoingTransfer.Datagram datagram =
                OutgoingTransfer.overUdp(query, zone, expire, request.octetsMax());
        counters.sent(datagram.kind(), 1, datagram.message().length);
        LOG.debug(
                "zone {} sent to {}: kind={} transport=udp",
                zone.name(),
                request.client(),
                datagram.kind().label());
        return new ControlReply.Octets(datagram.message());
    }

    private ControlReply stream(
            ControlRequest request,
            TransferQuery query,
            ProvidedZone zone,
            OptionalLong expire,
            Peer peer) {
        // Taken only by who may have the zone, so that others cannot use all of it up.
        if (running.incrementAndGet() > TRANSFERS_MAX) {
            running.decrementAndGet();
            lines.log(
                    new Refusal(peer.address(), zone.name(), "busy"),
                    more ->
                            LOG.warn(
                                    "transfer of {} to {} must wait: {} transfers are running{}",
                                    zone.name(),
                                    peer,
                                    TRANSFERS_MAX,
                                    more));
            return failed(Failure.BUSY, Rcode.SERVFAIL, ExtendedError.OTHER_BUSY);
        }
        TsigVerdict.Verified signature = request.signature();
        @Nullable TsigSigner signer = signature == null ? null : signature.reply();
        OutgoingTransfer transfer =
                OutgoingTransfer.overTcp(
                        query, zone, expire, request.idleTimeoutDeciseconds(), signer);
        return new ControlReply.Stream(
                new OutgoingStream(
                        transfer, query, zone, peer, counters, running::decrementAndGet));
    }

    private ControlReply notified(ControlRequest request) {
        NotifyMessage message = NotifyMessage.of(request.message());
        if (message == null) {
            counters.received(Received.FORMERR);
            return new ControlReply.Plain(Rcode.FORMERR, null);
        }
        Peer peer = peer(request);
        return switch (notifies.notified(
                message.zone(), peer.address(), peer.key(), message.serial())) {
            case TAKEN -> {
                counters.received(Received.TAKEN);
                yield new ControlReply.Plain(Rcode.NOERROR, null, true);
            }
            case REFUSED ->
                    refusedNotify(
                            message,
                            peer,
                            "it is not from a primary of the zone, or has another key");
            case NOT_AUTHORITATIVE -> {
                if (request.standing() != Standing.NO_ZONE) {
                    yield refusedNotify(message, peer, "the zone does not come from a primary");
                }
                counters.received(Received.NOTAUTH);
                yield new ControlReply.Plain(Rcode.NOTAUTH, ExtendedError.PROHIBITED);
            }
        };
    }

    private ControlReply refusedNotify(NotifyMessage message, Peer peer, String why) {
        counters.received(Received.REFUSED);
        lines.log(
                new Refusal(peer.address(), message.zone(), why),
                more ->
                        LOG.warn(
                                "NOTIFY of {} by {} refused: {}{}",
                                message.zone(),
                                peer,
                                why,
                                more));
        return new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED);
    }
}
