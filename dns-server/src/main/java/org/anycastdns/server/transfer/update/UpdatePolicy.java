package org.anycastdns.server.transfer.update;

import java.util.List;
import java.util.Set;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Which keys may change what in a zone (RFC 2136 section 3.3, RFC 3007). It decides before the
/// prerequisites: who may not change the zone learns nothing about it.
///
/// A signed zone is never changed: its signatures would be wrong, and this server makes none. For
/// the same reason nobody may change the records of DNSSEC and the digest of the zone.
///
/// @param rules a change is permitted if one of them permits it
public record UpdatePolicy(List<UpdateRule> rules) {

    private static final int SIG = 24;
    private static final int NXT = 30;

    /// Records that are made from the other records of a zone, or belong to the keys that do so.
    private static final Set<Integer> SIGNING =
            Set.of(
                    SIG,
                    NXT,
                    RecordType.RRSIG,
                    RecordType.NSEC,
                    RecordType.DNSKEY,
                    RecordType.NSEC3,
                    RecordType.NSEC3PARAM,
                    RecordType.ZONEMD);

    public UpdatePolicy {
        rules = List.copyOf(rules);
    }

    /// Returns whether a type belongs to the signatures or the digest of a zone.
    static boolean isSigning(int type) {
        return SIGNING.contains(type);
    }

    /// Returns why a request is refused; null if it is permitted. What the prescan rejects is not
    /// refused here.
    ///
    /// @param key name of the key whose signature was verified; null if the request is not signed
    @Nullable Rejected check(ZoneView zone, UpdateRequest request, @Nullable Name key) {
        if (key == null) {
            return refused("the update is not signed by a key");
        }
        List<UpdateRule> own = rules.stream().filter(rule -> rule.key().equals(key)).toList();
        if (own.isEmpty()) {
            return refused("key %s may not change the zone".formatted(key));
        }
        Name apex = zone.soa().record().owner();
        for (int type : List.of(RecordType.RRSIG, RecordType.ZONEMD)) {
            if (!zone.set(apex, type).isEmpty()) {
                return refused(
                        "the zone has %s records, which would be wrong; change it where it is signed"
                                .formatted(RecordType.name(type)));
            }
        }
        for (MessageRecord record : request.updates()) {
            boolean isForPrescan =
                    !record.owner().isAtOrBelow(apex)
                            || (RecordType.isMeta(record.type()) && !deletesName(record));
            Rejected rejected = isForPrescan ? null : check(zone, own, record);
            if (rejected != null) {
                return rejected;
            }
        }
        return null;
    }

    private static boolean deletesName(MessageRecord record) {
        return record.type() == RecordType.ANY && record.recordClass() == RecordClass.ANY;
    }

    private static @Nullable Rejected check(
            ZoneView zone, List<UpdateRule> rules, MessageRecord record) {
        List<UpdateRule> named =
                rules.stream().filter(rule -> rule.matches(record.owner())).toList();
        String key = rules.getFirst().key().toString();
        if (named.isEmpty()) {
            return refused("key %s may not change %s".formatted(key, record.owner()));
        }
        if (!deletesName(record)) {
            return check(named, record.owner(), record.type());
        }
        // Who deletes a name deletes what is there, but never NS and SOA at the apex.
        boolean isApex = record.owner().equals(zone.soa().record().owner());
        for (ResourceRecord there : zone.records(record.owner())) {
            int type = there.type();
            boolean stays = isApex && (type == RecordType.NS || type == RecordType.SOA);
            Rejected rejected = stays ? null : check(named, record.owner(), type);
            if (rejected != null) {
                return rejected;
            }
        }
        return null;
    }

    private static @Nullable Rejected check(List<UpdateRule> rules, Name owner, int type) {
        if (isSigning(type)) {
            return refused(
                    "records of the type %s cannot be changed by UPDATE"
                            .formatted(RecordType.name(type)));
        }
        return rules.stream().anyMatch(rule -> rule.matches(type))
                ? null
                : refused(
                        "key %s may not change %s %s"
                                .formatted(rules.getFirst().key(), owner, RecordType.name(type)));
    }

    private static Rejected refused(String reason) {
        return new Rejected(Rcode.REFUSED, reason);
    }
}
