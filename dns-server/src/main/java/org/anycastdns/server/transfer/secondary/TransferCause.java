package org.anycastdns.server.transfer.secondary;

import java.util.Locale;

/// Why primaries are asked.
enum TransferCause {
    /// The server has started.
    START,
    /// REFRESH or RETRY is over.
    REFRESH,
    /// A primary sent NOTIFY.
    NOTIFY,
    /// The operator asked for it.
    OPERATOR;

    /// Returns the name in logs and in JSON.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
