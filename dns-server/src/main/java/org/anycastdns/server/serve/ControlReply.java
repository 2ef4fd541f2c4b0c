package org.anycastdns.server.serve;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.wire.ExtendedError;
import org.jspecify.annotations.Nullable;

/// What a {@link ControlDoor} answers.
public sealed interface ControlReply {

    /// A response without records.
    ///
    /// @param rcode one of {@link org.anycastdns.server.wire.Rcode}
    /// @param extended the reason, for clients with EDNS; null for none
    /// @param authoritative whether to set AA
    record Plain(int rcode, @Nullable ExtendedError extended, boolean authoritative)
            implements ControlReply {

        /// Creates a response without AA.
        public Plain(int rcode, @Nullable ExtendedError extended) {
            this(rcode, extended, false);
        }
    }

    /// A response of one message, at most {@link ControlRequest#octetsMax} long, without TSIG.
    record Octets(byte[] message) implements ControlReply {}

    /// A response of several messages over TCP, each with its TSIG record.
    record Stream(ResponseStream messages) implements ControlReply {}

    /// A response of one message that comes later, from any thread.
    ///
    /// @param message with its TSIG record, at most {@link ControlRequest#octetsMax} long without
    ///   it; no octets for no response
    record Later(CompletableFuture<byte[]> message) implements ControlReply {}
}
