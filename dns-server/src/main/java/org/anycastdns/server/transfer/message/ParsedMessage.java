package org.anycastdns.server.transfer.message;

/// What {@link MessageParser} made of octets.
public sealed interface ParsedMessage {

    /// The octets are a message.
    record Sound(WholeMessage message) implements ParsedMessage {}

    /// The octets are no message.
    ///
    /// @param offset where the fault is, in octets from the start of the message
    /// @param reason what is wrong there, for the operator
    record Malformed(int offset, String reason) implements ParsedMessage {}
}
