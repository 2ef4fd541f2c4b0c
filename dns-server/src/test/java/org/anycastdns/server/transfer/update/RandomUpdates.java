package org.anycastdns.server.transfer.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/// Random updates of one small zone. Few names and few values, so that updates meet each other.
public final class RandomUpdates {

    /// The zone.
    public static final Name APEX = Name.fromConstantString("example.");

    private static final List<String> OWNERS =
            List.of(
                    "example.",
                    "a.example.",
                    "A.example.",
                    "b.example.",
                    "c.b.example.",
                    "d.c.b.example.",
                    "*.example.",
                    "e.example.",
                    "F.E.example.");

    private static final List<String> DATA =
            List.of(
                    "A 192.0.2.1",
                    "A 192.0.2.2",
                    "A 192.0.2.3",
                    "AAAA 2001:db8::1",
                    "TXT x",
                    "TXT X",
                    "NS ns.example.",
                    "NS NS.example.",
                    "NS ns2.example.",
                    "MX 10 a.example.",
                    "MX 20 A.example.",
                    "CNAME a.test.",
                    "CNAME b.test.",
                    "SRV 1 2 3 a.example.",
                    "TYPE65280 \\# 2 abcd");

    private final SplittableRandom random;
    private final boolean isSound;

    /// Creates a source.
    ///
    /// @param isSound whether all messages are well formed, for a server that is stricter than the
    ///   RFC
    public RandomUpdates(SplittableRandom random, boolean isSound) {
        this.random = random;
        this.isSound = isSound;
    }

    /// The records of the zone before the first update.
    public static List<Record> zone() {
        List<Record> records = new ArrayList<>();
        for (String text :
                List.of(
                        "example. 300 SOA ns.example. admin.example. 1 3600 600 86400 300",
                        "example. 300 NS ns.example.",
                        "example. 300 NS ns2.example.",
                        "ns.example. 300 A 192.0.2.53",
                        "ns2.example. 300 A 192.0.2.54",
                        "a.example. 300 A 192.0.2.1",
                        "e.example. 300 CNAME a.example.")) {
            records.add(UpdateMessages.record(text));
        }
        return records;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    /// Returns the next message, with the ID 0.
    ///
    /// @param serial the present serial of the zone
    public Message next(long serial) {
        Message message = new Update(APEX);
        message.getHeader().setID(0);
        for (int i = oneIn(3) ? random.nextInt(1, 4) : 0; i > 0; i--) {
            Record record = prerequisite();
            // To BIND a set that is told twice is another set.
            if (!isSound || !message.findRecord(record, Section.PREREQ)) {
                message.addRecord(record, Section.PREREQ);
            }
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            message.addRecord(update(serial), Section.UPDATE);
        }
        return message;
    }

    private Record data(long serial, long ttl) {
        String owner = !isSound && oneIn(60) ? "example.test." : one(OWNERS);
        // To BIND another spelling of an owner is a change, with a new serial.
        owner = isSound ? owner.toLowerCase(Locale.ROOT) : owner;
        if (oneIn(15)) {
            // BIND answers a leap of 2^31 with SERVFAIL.
            long leap = !isSound && oneIn(4) ? 1L << 31 : 0;
            long next = serial + random.nextInt(-2, 4) + leap & 0xFFFF_FFFFL;
            return UpdateMessages.record(
                    "%s %d SOA ns.example. admin.example. %d 1 2 3 4"
                            .formatted(oneIn(4) ? owner : "example.", ttl, next));
        }
        // Data below a DNAME is refused, so it has names of its own.
        if (oneIn(15)) {
            String target = one(List.of("a.test.", "b.test."));
            return UpdateMessages.record(
                    "dname%d.example. %d DNAME %s".formatted(random.nextInt(2), ttl, target));
        }
        Record data = UpdateMessages.record("%s %d %s".formatted(owner, ttl, one(DATA)));
        // BIND ignores NS at a wildcard (RFC 4592 section 4.2).
        boolean isIgnored = data.getType() == Type.NS && data.getName().isWild();
        return isSound && isIgnored ? data(serial, ttl) : data;
    }

    private static Record of(Record data, int type, int dclass, long ttl, boolean isEmpty) {
        return isEmpty
                ? Record.newRecord(data.getName(), type, dclass, ttl)
                : Record.newRecord(data.getName(), type, dclass, ttl, data.rdataToWireCanonical());
    }

    private Record prerequisite() {
        Record data = data(1, 0);
        int type = data.getType();
        if (!isSound && oneIn(30)) {
            return strange(data);
        }
        return switch (random.nextInt(6)) {
            case 0 -> of(data, type, DClass.ANY, 0, true);
            case 1 -> of(data, Type.ANY, DClass.ANY, 0, true);
            case 2 -> of(data, type, DClass.NONE, 0, true);
            case 3 -> of(data, Type.ANY, DClass.NONE, 0, true);
            default -> data;
        };
    }

    private Record update(long serial) {
        Record data = data(serial, one(List.of(60L, 300L, 300L)));
        int type = data.getType();
        if (!isSound && oneIn(60)) {
            return strange(data);
        }
        return switch (random.nextInt(8)) {
            case 0 -> of(data, type, DClass.ANY, 0, true);
            case 1 -> of(data, Type.ANY, DClass.ANY, 0, true);
            case 2, 3 -> of(data, type, DClass.NONE, 0, false);
            default -> data;
        };
    }

    /// A record that no message may hold, or of which only one section may.
    private Record strange(Record data) {
        int dclass = one(List.of(DClass.IN, DClass.ANY, DClass.NONE, DClass.CH));
        boolean isMeta = oneIn(2);
        int type = isMeta ? one(List.of(Type.ANY, Type.AXFR, Type.MAILB)) : data.getType();
        boolean isEmpty = isMeta || (dclass != DClass.IN && oneIn(2));
        return of(data, type, dclass, oneIn(2) ? 0 : 9, isEmpty);
    }
}
