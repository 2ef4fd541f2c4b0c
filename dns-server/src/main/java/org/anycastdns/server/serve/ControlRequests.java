package org.anycastdns.server.serve;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.transfer.tsig.TsigError;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Query;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// Brings the messages that are no plain queries to the {@link ControlDoor}. They are rare, so
/// their octets are copied.
final class ControlRequests {

    private final ControlDoor door;

    ControlRequests(ControlDoor door) {
        this.door = door;
    }

    /// Returns the zone whose name is QNAME, or null.
    static @Nullable Zone zone(ZoneSet set, Query query) {
        Zone closest = set.find(query.name(), 0);
        return closest != null && closest.apex().labelCount() == query.name().labelCount()
                ? closest
                : null;
    }

    /// Asks the door.
    ///
    /// @param zone the zone with exactly this name; null if there is none
    /// @param octetsMax room for a reply of one message without TSIG
    /// @param signature by whom the request is signed; null if it is not
    ControlReply answer(
            Exchange exchange,
            @Nullable Zone zone,
            int octetsMax,
            TsigVerdict.@Nullable Verified signature) {
        return door.answer(request(exchange, zone, octetsMax, signature));
    }

    /// Hands on an UPDATE whose key is not known here, if somebody else may know it.
    ///
    /// @param verdict of the parser
    /// @return whether the exchange has a response that comes later
    boolean handsOn(
            TsigVerdict.Failed failed,
            Query query,
            Query.Verdict verdict,
            Exchange exchange,
            ZoneSet set) {
        if (failed.error() != TsigError.BADKEY
                || verdict != Query.Verdict.ANSWER
                || query.opcode() != Opcode.UPDATE) {
            return false;
        }
        CompletableFuture<byte[]> later =
                door.answerUnknownKey(request(exchange, zone(set, query), Edns.UDP_SIZE, null));
        if (later != null) {
            exchange.respond(later);
        }
        return later != null;
    }

    private static ControlRequest request(
            Exchange exchange,
            @Nullable Zone zone,
            int octetsMax,
            TsigVerdict.@Nullable Verified signature) {
        ControlRequest.Standing standing = ControlRequest.Standing.NO_ZONE;
        if (zone != null) {
            standing =
                    zone.available()
                            ? ControlRequest.Standing.SERVED
                            : ControlRequest.Standing.UNAVAILABLE;
        }
        Client client = exchange.client();
        return new ControlRequest(
                exchange.octets(),
                standing,
                client.address(),
                client.transport(),
                client.tlsClient(),
                signature,
                octetsMax,
                client.idleTimeoutDeciseconds(),
                client.epochSeconds());
    }
}
