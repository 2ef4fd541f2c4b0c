package org.anycastdns.server.transfer;

/// What to do next for a {@link Requester}.
public sealed interface RequesterAction {

    /// Nothing; wait for the next event, at most until {@link Requester#deadlineMillis}.
    record Wait() implements RequesterAction {}

    /// Send a datagram to the primary.
    record SendDatagram(byte[] message) implements RequesterAction {}

    /// Send a message to the primary over the stream; connect if there is no connection yet.
    record SendMessage(byte[] message) implements RequesterAction {}

    /// Close everything; the request has ended.
    record Finish(TransferResult result) implements RequesterAction {}
}
