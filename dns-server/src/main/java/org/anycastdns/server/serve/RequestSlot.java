package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Query;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// A request that was read and waits for its response.
final class RequestSlot {

    final Query query = new Query();
    final ResponseCache.Miss miss = new ResponseCache.Miss();
    Exchange exchange = new Exchange(MemorySegment.NULL);
    Query.Verdict verdict = Query.Verdict.DROP;

    /// The authoritative zone for QNAME; QNAME is hashed for it. Its memory may be freed after the
    /// batch.
    @Nullable Zone zone;

    /// Finds the zone to answer a query from, if any, and hashes QNAME for it.
    void findZone(ZoneSet set) {
        zone = null;
        if (verdict != Query.Verdict.ANSWER
                || query.opcode() != Opcode.QUERY
                || query.recordClass() != RecordClass.IN) {
            return;
        }
        Zone found = authoritativeZone(set, query.name(), query.type());
        if (found != null) {
            found.hash(query.name());
        }
        zone = found;
    }

    /// Returns the zone that is authoritative for QNAME. For DS at a zone apex this is the parent
    /// zone, if it is served here (RFC 4035 section 3.1.4.1).
    private static @Nullable Zone authoritativeZone(ZoneSet set, NameBuffer name, int type) {
        Zone closest = set.find(name, 0);
        boolean apex = closest != null && closest.apex().labelCount() == name.labelCount();
        if (type == RecordType.DS && apex && name.labelCount() > 0) {
            Zone parent = set.find(name, 1);
            return parent != null && parent.available() ? parent : closest;
        }
        return closest;
    }
}
