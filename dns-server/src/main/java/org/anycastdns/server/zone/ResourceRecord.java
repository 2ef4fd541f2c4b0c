package org.anycastdns.server.zone;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// One resource record of class IN as it comes from a master file or a transfer (RFC 1035 section
/// 3.2.1). The RDATA is uncompressed and sound for its type: whoever makes a record has checked it.
///
/// @param type 1 to 65535, no meta type
/// @param ttlSeconds 0 to 2^31-1 (RFC 2181 section 8)
/// @param rdata at most 65,535 octets; shared, not to be written to
public record ResourceRecord(Name owner, int type, int ttlSeconds, byte[] rdata) {

    public ResourceRecord {
        if (type <= 0 || type > 0xffff || ttlSeconds < 0 || rdata.length > 0xffff) {
            throw new IllegalArgumentException(
                    "record out of range: %s type %d ttl %d, %d octets"
                            .formatted(owner, type, ttlSeconds, rdata.length));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceRecord that
                && type == that.type
                && ttlSeconds == that.ttlSeconds
                && owner.equals(that.owner)
                && Arrays.equals(rdata, that.rdata);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * owner.hashCode() + type) + Arrays.hashCode(rdata);
    }

    @Override
    public String toString() {
        return "%s %d IN %s \\# %d"
                .formatted(owner, ttlSeconds, RecordType.name(type), rdata.length);
    }
}
