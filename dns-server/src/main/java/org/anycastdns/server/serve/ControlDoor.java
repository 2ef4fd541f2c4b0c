package org.anycastdns.server.serve;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;

/// Answers the messages that are no plain queries: NOTIFY, UPDATE, AXFR and IXFR. They are rare, so
/// each is a request object. Any thread may call it; it must not wait.
///
/// ```
///   Responder: opcode and QTYPE decide, TSIG is verified
///     -> ControlRequest -> ControlDoor -> ControlReply.Plain   the responder writes and signs it
///                                         ControlReply.Octets  the responder signs it
///                                         ControlReply.Stream  the connection sends its messages
///                                         ControlReply.Later   the engine sends it when it comes
/// ```
@FunctionalInterface
public interface ControlDoor {

    /// Refuses everything: this server neither takes nor gives zones.
    ControlDoor CLOSED = ControlDoor::refuse;

    /// Answers a request.
    ControlReply answer(ControlRequest request);

    /// Answers an UPDATE that is signed by a key that is not known here, if it is for somebody who
    /// may know the key (RFC 8945 section 5.5). Nothing is known about the client.
    ///
    /// @param request without a verified signature
    /// @return a response that comes later, as it is to be sent; null if the request is rejected
    ///   with BADKEY
    default @Nullable CompletableFuture<byte[]> answerUnknownKey(ControlRequest request) {
        return null;
    }

    /// Returns the reply of a server without configuration for such a request.
    static ControlReply refuse(ControlRequest request) {
        boolean query = request.opcode() == Opcode.QUERY;
        return switch (request.standing()) {
            case NO_ZONE ->
                    new ControlReply.Plain(
                            Rcode.NOTAUTH,
                            query ? ExtendedError.NOT_AUTHORITATIVE : ExtendedError.PROHIBITED);
            case UNAVAILABLE ->
                    query
                            ? new ControlReply.Plain(Rcode.SERVFAIL, ExtendedError.NOT_READY)
                            : new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED);
            case SERVED -> new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED);
        };
    }
}
