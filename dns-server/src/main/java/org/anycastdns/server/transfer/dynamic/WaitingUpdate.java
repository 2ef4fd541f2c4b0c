package org.anycastdns.server.transfer.dynamic;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.UpdateReply;
import org.anycastdns.server.transfer.update.UpdateRequest;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// An UPDATE by a key of the zone, which waits for its turn or for the disk.
///
/// @param mac the MAC of the request, which no other request has
/// @param reply gets the signed response; no octets for none
record WaitingUpdate(
        DynamicZone zone,
        ControlRequest control,
        WholeMessage message,
        UpdateRequest request,
        TsigVerdict.Verified signature,
        byte[] mac,
        CompletableFuture<byte[]> reply) {

    Name key() {
        return signature.key().name();
    }

    /// Sends the response.
    void answer(int rcode, @Nullable ExtendedError extended) {
        byte[] octets = UpdateReply.of(message, rcode, extended, control.octetsMax());
        long now = System.currentTimeMillis() / 1_000;
        boolean _ = reply.complete(signature.reply().sign(octets, octets.length, now));
    }

    /// Sends nothing.
    void ignore() {
        boolean _ = reply.complete(new byte[0]);
    }
}
