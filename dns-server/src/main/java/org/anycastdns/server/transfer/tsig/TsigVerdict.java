package org.anycastdns.server.transfer.tsig;

/// What a server makes of the TSIG record of a request.
public sealed interface TsigVerdict {

    /// The request has no TSIG record.
    record Unsigned() implements TsigVerdict {}

    /// The request or its TSIG record is malformed: FORMERR without TSIG (RFC 8945 section 5.2).
    record Malformed(String reason) implements TsigVerdict {}

    /// The request is signed by a key of this server.
    ///
    /// @param reply signs the response, or each message of it
    record Verified(TsigKey key, TsigSigner reply) implements TsigVerdict {}

    /// The request is not accepted: NOTAUTH with this error (RFC 8945 section 5.2).
    ///
    /// @param reply adds the error to the response
    record Failed(TsigError error, TsigSigner reply) implements TsigVerdict {}
}
