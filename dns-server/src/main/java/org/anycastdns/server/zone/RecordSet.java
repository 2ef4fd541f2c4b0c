package org.anycastdns.server.zone;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All records of one owner and type (RFC 2181 section 5): one TTL, RDATA without duplicates in the
/// order of the zone file.
public final class RecordSet {

    private final int type;
    private final int ttlSeconds;
    private final byte[][] rdata;
    private final byte[][] signatures;
    private @Nullable Host[] hosts = new Host[0];

    RecordSet(int type, int ttlSeconds, List<byte[]> rdata, List<byte[]> signatures) {
        this.type = type;
        this.ttlSeconds = ttlSeconds;
        this.rdata = rdata.toArray(byte[][]::new);
        this.signatures = signatures.toArray(byte[][]::new);
    }

    /// The same records with a TTL of at most so many seconds.
    RecordSet withTtlAtMost(int seconds) {
        return seconds >= ttlSeconds
                ? this
                : new RecordSet(type, seconds, List.of(rdata), List.of(signatures));
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

    /// Number of RRSIG records that cover this set; 0 in an unsigned zone.
    public int signatureCount() {
        return signatures.length;
    }

    /// RDATA of one RRSIG record of this set; its TTL is the set's (RFC 4034 section 3). Shared,
    /// not to be written to.
    public byte[] signature(int index) {
        return signatures[index];
    }

    /// The hosts that the records name and that have addresses in the zone, by record, null where
    /// there is none; empty for types that name no host. Shared, not to be written to.
    public @Nullable Host[] hosts() {
        return hosts;
    }
}
