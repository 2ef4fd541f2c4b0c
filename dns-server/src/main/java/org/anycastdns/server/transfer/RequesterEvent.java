package org.anycastdns.server.transfer;

/// What happened to a {@link Requester}.
public sealed interface RequesterEvent {

    /// A datagram came from the primary.
    record Datagram(byte[] message) implements RequesterEvent {}

    /// A message came over the stream, without its length.
    record StreamMessage(byte[] message) implements RequesterEvent {}

    /// The connection could not be made, or it ended.
    ///
    /// @param reason for the operator
    record Closed(String reason) implements RequesterEvent {}

    /// {@link Requester#deadlineMillis} has passed.
    record Deadline() implements RequesterEvent {}
}
