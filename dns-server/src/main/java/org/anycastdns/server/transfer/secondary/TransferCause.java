package org.anycastdns.server.transfer.secondary;

/// Why primaries are asked.
enum TransferCause {
    /// The server has started.
    START,
    /// REFRESH or RETRY is over.
    REFRESH,
    /// A primary sent NOTIFY.
    NOTIFY,
    /// The operator asked for it.
    OPERATOR
}
