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
public record TransferRequest(
        Name zone,
        @Nullable SoaRecord ours,
        boolean incremental,
        @Nullable TsigKey key,
        TransferLimits limits) {}
