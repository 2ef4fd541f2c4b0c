package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// The prerequisites of an UPDATE (RFC 2136 sections 2.4 and 3.2).
///
/// ```
///   CLASS  TYPE  RDATA   must hold                               else
///   ANY    ANY   empty   the name is in use                      NXDOMAIN
///   ANY    other empty   the set exists                          NXRRSET
///   NONE   ANY   empty   the name is not in use                  YXDOMAIN
///   NONE   other empty   the set does not exist                  YXRRSET
///   IN     other         the set is exactly that of these records NXRRSET
/// ```
final class Prerequisites {

    private final ZoneView zone;
    private final Map<SetKey, Set<ByteBuffer>> wanted = new LinkedHashMap<>();

    private record SetKey(Name owner, int type) {}

    private Prerequisites(ZoneView zone) {
        this.zone = zone;
    }

    /// Returns why the prerequisites do not hold; null if they do. The first that fails in the
    /// order of the message counts; whole sets are compared last (RFC 2136 section 3.2.5).
    static @Nullable Rejected check(ZoneView zone, List<MessageRecord> records) {
        Prerequisites all = new Prerequisites(zone);
        for (MessageRecord record : records) {
            Rejected rejected = all.check(record);
            if (rejected != null) {
                return rejected;
            }
        }
        return all.checkSets();
    }

    private @Nullable Rejected check(MessageRecord record) {
        if (record.ttl() != 0) {
            return malformed(record, "has a TTL");
        }
        if (!record.owner().isAtOrBelow(zone.soa().record().owner())) {
            return new Rejected(
                    Rcode.NOTZONE,
                    "prerequisite %s is outside the zone".formatted(RecordData.text(record)));
        }
        return switch (record.recordClass()) {
            case RecordClass.ANY -> exists(record, true, Rcode.NXDOMAIN, Rcode.NXRRSET);
            case RecordClass.NONE -> exists(record, false, Rcode.YXDOMAIN, Rcode.YXRRSET);
            case RecordClass.IN -> remember(record);
            default -> malformed(record, "has class %d".formatted(record.recordClass()));
        };
    }

    private @Nullable Rejected exists(
            MessageRecord record, boolean wantsIt, int rcodeOfName, int rcodeOfSet) {
        if (record.rdata().length > 0) {
            return malformed(record, "has RDATA");
        }
        boolean isName = record.type() == RecordType.ANY;
        boolean there =
                isName
                        ? !zone.records(record.owner()).isEmpty()
                        : !zone.set(record.owner(), record.type()).isEmpty();
        return there == wantsIt
                ? null
                : failed(
                        isName ? rcodeOfName : rcodeOfSet,
                        record,
                        there ? "exists" : "is not there");
    }

    private @Nullable Rejected remember(MessageRecord record) {
        if (RecordType.isMeta(record.type())) {
            return malformed(record, "has a type that no record has");
        }
        SetKey key = new SetKey(record.owner(), record.type());
        boolean _ = wanted.computeIfAbsent(key, _ -> new HashSet<>()).add(RecordData.of(record));
        return null;
    }

    private @Nullable Rejected checkSets() {
        for (Map.Entry<SetKey, Set<ByteBuffer>> each : wanted.entrySet()) {
            SetKey key = each.getKey();
            Set<ByteBuffer> there = new HashSet<>();
            for (ResourceRecord record : zone.set(key.owner(), key.type())) {
                boolean _ = there.add(RecordData.of(record));
            }
            if (!there.equals(each.getValue())) {
                return new Rejected(
                        Rcode.NXRRSET,
                        "prerequisite: the set %s %s has other records"
                                .formatted(key.owner(), RecordType.name(key.type())));
            }
        }
        return null;
    }

    private static Rejected malformed(MessageRecord record, String fault) {
        return failed(Rcode.FORMERR, record, fault);
    }

    private static Rejected failed(int rcode, MessageRecord record, String fault) {
        return new Rejected(rcode, "prerequisite %s %s".formatted(RecordData.text(record), fault));
    }
}
