package org.anycastdns.server.zone;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All records of one owner and type (RFC 2181 section 5): one TTL, RDATA without duplicates in the
/// order of the zone file.
public final class RecordSet {

    private final int type;
    private final int ttlSeconds;
    private final byte[][] rdata;
    private @Nullable Host[] hosts = new Host[0];

    RecordSet(int type, int ttlSeconds, List<byte[]> rdata) {
        this.type = type;
        this.ttlSeconds = ttlSeconds;
        this.rdata = rdata.toArray(byte[][]::new);
    }

    /// Notes the hosts that the RDATA names, one for each record, null where the zone has no
    /// addresses for it.
    void hosts(@Nullable Host[] named) {
        hosts = named;
    }

    /// TYPE of all records.
    public int type() {
        return type;
    }

    /// TTL of all records, in seconds.
    public int ttlSeconds() {
        return ttlSeconds;
    }

    /// Number of records, at least one.
    public int size() {
        return rdata.length;
    }

    /// Uncompressed RDATA of one record; shared, not to be written to.
    public byte[] rdata(int index) {
        return rdata[index];
    }

    /// The hosts that the records name and that have addresses in the zone, by record, null where
    /// there is none; empty for types that name no host. Shared, not to be written to.
    public @Nullable Host[] hosts() {
        return hosts;
    }
}
