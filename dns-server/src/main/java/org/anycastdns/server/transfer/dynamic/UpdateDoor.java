package org.anycastdns.server.transfer.dynamic;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.transfer.dynamic.UpdateCounters.Result;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.UpdateRequest;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;

/// Rejects UPDATEs that can be rejected without the zone, and hands the others on. Who has no key
/// of the zone takes no place in the queue. Any thread may call it.
final class UpdateDoor implements ControlDoor {

    private final DynamicZones zones;
    private final UpdateCounters counters;
    private final UpdateLog log;

    UpdateDoor(DynamicZones zones, UpdateCounters counters, UpdateLog log) {
        this.zones = zones;
        this.counters = counters;
        this.log = log;
    }

    @Override
    public ControlReply answer(ControlRequest request) {
        if (request.opcode() != Opcode.UPDATE) {
            return new ControlReply.Plain(Rcode.NOTIMP, null);
        }
        return switch (MessageParser.parse(request.message())) {
            case ParsedMessage.Malformed(int offset, String reason) ->
                    rejected(
                            request,
                            Name.ROOT,
                            new Rejected(
                                    Rcode.FORMERR,
                                    "malformed at octet %d: %s".formatted(offset, reason)),
                            null);
            case ParsedMessage.Sound(WholeMessage message) -> answer(request, message);
        };
    }

    private ControlReply answer(ControlRequest request, WholeMessage message) {
        return switch (UpdateRequest.of(message)) {
            case UpdateRequest.Parsed.Faulty(Rejected rejected) ->
                    rejected(request, Name.ROOT, rejected, null);
            case UpdateRequest.Parsed.Sound(UpdateRequest update) ->
                    answer(request, message, update);
        };
    }

    private ControlReply answer(
            ControlRequest request, WholeMessage message, UpdateRequest update) {
        Name name = update.zone();
        DynamicZone zone = zones.find(name);
        if (zone == null) {
            return request.standing() == Standing.NO_ZONE
                    ? rejected(
                            request,
                            name,
                            new Rejected(Rcode.NOTAUTH, "there is no such zone"),
                            ExtendedError.NOT_AUTHORITATIVE)
                    : rejected(
                            request,
                            name,
                            new Rejected(Rcode.REFUSED, "the zone has no 'allow-update'"),
                            ExtendedError.PROHIBITED_UPDATE);
        }
        TsigVerdict.Verified signature = request.signature();
        if (signature == null || !zone.knows(signature.key().name())) {
            return rejected(
                    request,
                    name,
                    new Rejected(
                            Rcode.REFUSED,
                            signature == null
                                    ? "the update is not signed by a key"
                                    : "the key may not change the zone"),
                    ExtendedError.PROHIBITED_KEY);
        }
        // Before anything is signed, the signer holds the MAC of the request.
        byte[] mac = signature.reply().mac();
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        if (!zones.add(new WaitingUpdate(zone, request, message, update, signature, mac, reply))) {
            counters.count(Result.BUSY);
            log.busy(name, signature.key().name());
            return new ControlReply.Plain(Rcode.SERVFAIL, ExtendedError.OTHER_UPDATES);
        }
        return new ControlReply.Later(reply);
    }

    private ControlReply rejected(
            ControlRequest request,
            Name zone,
            Rejected rejected,
            @Nullable ExtendedError extended) {
        counters.count(Result.of(rejected.rcode()));
        TsigVerdict.Verified signature = request.signature();
        log.rejected(
                zone,
                request.client(),
                signature == null ? null : signature.key().name(),
                rejected.rcode(),
                rejected.reason());
        return new ControlReply.Plain(rejected.rcode(), extended);
    }
}
