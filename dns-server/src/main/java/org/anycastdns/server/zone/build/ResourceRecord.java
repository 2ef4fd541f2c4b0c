package org.anycastdns.server.zone.build;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// A resource record of class IN, as read from a master file or a transfer (RFC 1035 section
/// 3.2.1). The RDATA is uncompressed and valid for its type; the creator of the record has checked
/// it.
///
/// @param type 1 to 65535, not a meta type
/// @param ttlSeconds 0 to 2^31-1 (RFC 2181 section 8)
/// @param rdata at most 65,535 octets; shared, must not be modified
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
