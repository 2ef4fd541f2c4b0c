package org.anycastdns.server.transfer.update;

import java.util.List;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// The check of the whole update section before anything changes (RFC 2136 section 3.4.1). The
/// parser has already checked RDATA. Unknown types are taken (RFC 3597).
///
/// ```
///   CLASS  TYPE  TTL  RDATA  means
///   IN     data               add the record
///   ANY    data   0   empty   delete the set
///   ANY    ANY    0   empty   delete all sets of the name
///   NONE   data   0           delete the record
/// ```
final class Prescan {

    private Prescan() {}

    /// Returns why the section is rejected; null if it can be carried out.
    static @Nullable Rejected check(Name zone, List<MessageRecord> updates) {
        for (MessageRecord record : updates) {
            if (!record.owner().isAtOrBelow(zone)) {
                return new Rejected(
                        Rcode.NOTZONE,
                        "update %s is outside the zone".formatted(RecordData.text(record)));
            }
            String fault = fault(record);
            if (fault != null) {
                return new Rejected(
                        Rcode.FORMERR, "update %s %s".formatted(RecordData.text(record), fault));
            }
        }
        return null;
    }

    private static @Nullable String fault(MessageRecord record) {
        int type = record.type();
        int recordClass = record.recordClass();
        boolean deletes = recordClass == RecordClass.ANY || recordClass == RecordClass.NONE;
        if (!deletes && recordClass != RecordClass.IN) {
            return "has class %d".formatted(recordClass);
        }
        boolean isName = type == RecordType.ANY && recordClass == RecordClass.ANY;
        if (RecordType.isMeta(type) && !isName) {
            return "has a type that no record has";
        }
        if (deletes && record.ttl() != 0) {
            return "deletes, but has a TTL";
        }
        return recordClass == RecordClass.ANY && record.rdata().length > 0
                ? "deletes a set or a name, but has RDATA"
                : null;
    }
}
