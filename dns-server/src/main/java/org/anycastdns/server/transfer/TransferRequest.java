package org.anycastdns.server.transfer;

import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What to ask one primary.
///
/// @param ours the SOA record of the version that is held, as its primary gave it; null to take any
///   version: there is none, it has expired, or the operator wants it anew
/// @param incremental whether to try IXFR
/// @param key signs every message; null for none
/// @param datagrams whether SOA may be asked over UDP, which a primary with TLS must not be,
///   because everybody on the path reads it
public record TransferRequest(
        Name zone,
        @Nullable SoaRecord ours,
        boolean incremental,
        @Nullable TsigKey key,
        TransferLimits limits,
        boolean datagrams) {

    /// A request to a primary without TLS.
    public TransferRequest(
            Name zone,
            @Nullable SoaRecord ours,
            boolean incremental,
            @Nullable TsigKey key,
            TransferLimits limits) {
        this(zone, ours, incremental, key, limits, true);
    }
}
