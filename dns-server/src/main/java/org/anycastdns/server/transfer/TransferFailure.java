package org.anycastdns.server.transfer;

/// Why a primary gave nothing that can be used.
public enum TransferFailure {
    /// No connection, or no response in time.
    UNREACHABLE,
    /// The stream ended early.
    BROKEN,
    /// The primary answered with an error code.
    REFUSED,
    /// The response is not signed as it should be.
    SIGNATURE,
    /// What came is not what the protocol allows.
    PROTOCOL,
    /// A limit is exceeded.
    LIMIT,
    /// The serials are 2^31 apart, so that neither is newer (RFC 1982 section 3.2).
    SERIAL,
    /// What came is not a zone: it has no NS records.
    CONTENT
}
