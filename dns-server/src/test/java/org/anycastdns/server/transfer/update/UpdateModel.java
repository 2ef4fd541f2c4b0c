package org.anycastdns.server.transfer.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base16;

/// UPDATE as the pseudocode of RFC 2136 says it (sections 3.2.5, 3.4.1.3 and 3.4.2.7), with a list
/// of records that is searched from the start each time, and messages that dnsjava read. It shares
/// nothing with the code that it checks.
///
/// Where the text of the RFC says more than its pseudocode, the text counts: a SOA record must be
/// newer, also than that before the message; only the apex keeps its last NS record. A set has one
/// TTL (RFC 2181 section 5.2). A name has one DNAME. What a message changes in the spelling of a
/// record alone is no change.
public final class UpdateModel {

    private final Name apex;
    private List<Row> zone = new ArrayList<>();
    private long serialBefore;

    /// A record. Its data is in canonical form and as spelled, in hexadecimal digits.
    private record Row(String owner, int type, long ttl, String data, String spelled) {

        private static Row of(Record record) {
            return new Row(
                    record.getName().toString().toLowerCase(Locale.ROOT),
                    record.getType(),
                    record.getTTL(),
                    base16.toString(record.rdataToWireCanonical()),
                    base16.toString(UpdateMessages.rdata(record)));
        }

        private long serial() {
            String serial = data.substring(data.length() - 40, data.length() - 32);
            return Long.parseLong(serial, 16);
        }

        private Row with(long serial) {
            return new Row(owner, type, ttl, with(data, serial), with(spelled, serial));
        }

        private static String with(String data, long serial) {
            int at = data.length() - 40;
            return data.substring(0, at) + "%08X".formatted(serial) + data.substring(at + 8);
        }

        private boolean saysSameAs(Row other) {
            return is(other.owner, other.type) && ttl == other.ttl && data.equals(other.data);
        }

        private boolean is(String name, int recordType) {
            return owner.equals(name) && type == recordType;
        }
    }

    /// Creates a zone.
    public UpdateModel(Name apex, List<Record> records) {
        this.apex = apex;
        records.forEach(record -> zone.add(Row.of(record)));
    }

    /// Returns all records as sorted texts.
    public Set<String> texts() {
        TreeSet<String> texts = new TreeSet<>();
        zone.forEach(row -> texts.add(row.toString()));
        return texts;
    }

    /// Returns the records that only one of two zones has, whatever their spelling.
    public static List<String> differences(List<Record> theirs, List<Record> ours) {
        Set<String> left = plain(theirs);
        Set<String> right = plain(ours);
        TreeSet<String> differences = new TreeSet<>(left);
        boolean _ = differences.addAll(right);
        boolean _ = differences.removeIf(text -> left.contains(text) && right.contains(text));
        return differences.stream()
                .map(text -> (left.contains(text) ? "theirs: " : "ours: ") + text)
                .toList();
    }

    private static Set<String> plain(List<Record> records) {
        return records.stream()
                .map(Row::of)
                .map(row -> new Row(row.owner, row.type, row.ttl, row.data, "").toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> texts(List<Record> records) {
        TreeSet<String> texts = new TreeSet<>();
        records.forEach(record -> texts.add(Row.of(record).toString()));
        return texts;
    }

    /// Carries out a message; returns the RCODE.
    public int on(Message message) {
        int rcode = prerequisites(message.getSection(Section.PREREQ));
        rcode = rcode == Rcode.NOERROR ? prescan(message.getSection(Section.UPDATE)) : rcode;
        if (rcode == Rcode.NOERROR) {
            List<Row> before = List.copyOf(zone);
            Set<String> textsBefore = texts();
            serialBefore = soa().serial();
            message.getSection(Section.UPDATE).forEach(this::update);
            zone.replaceAll(row -> before.stream().filter(row::saysSameAs).findFirst().orElse(row));
            if (!texts().equals(textsBefore) && soa().serial() == serialBefore) {
                Row soa = soa();
                boolean _ = zone.remove(soa);
                long next = serialBefore + 1 & 0xFFFF_FFFFL;
                boolean _ = zone.add(soa.with(next == 0 ? 1 : next));
            }
        }
        return rcode;
    }

    private Row soa() {
        return zone.stream().filter(row -> row.type == Type.SOA).findFirst().orElseThrow();
    }

    private boolean any(Predicate<Row> wanted) {
        return zone.stream().anyMatch(wanted);
    }

    private int prerequisites(List<Record> records) {
        TreeMap<String, TreeSet<String>> temp = new TreeMap<>();
        for (Record rr : records) {
            String name = rr.getName().toString().toLowerCase(Locale.ROOT);
            int length = rr.rdataToWireCanonical().length;
            int type = rr.getType();
            if (rr.getTTL() != 0) {
                return Rcode.FORMERR;
            }
            if (!rr.getName().subdomain(apex)) {
                return Rcode.NOTZONE;
            }
            boolean wanted = rr.getDClass() == DClass.ANY;
            if (wanted || rr.getDClass() == DClass.NONE) {
                if (length != 0) {
                    return Rcode.FORMERR;
                }
                boolean isName = type == Type.ANY;
                boolean there =
                        isName
                                ? any(row -> row.owner.equals(name))
                                : any(row -> row.is(name, type));
                if (there != wanted) {
                    return wanted
                            ? isName ? Rcode.NXDOMAIN : Rcode.NXRRSET
                            : isName ? Rcode.YXDOMAIN : Rcode.YXRRSET;
                }
            } else if (rr.getDClass() == DClass.IN && !isMeta(type)) {
                String data = Row.of(rr).data;
                boolean _ = temp.computeIfAbsent(name + " " + type, _ -> new TreeSet<>()).add(data);
            } else {
                return Rcode.FORMERR;
            }
        }
        for (var set : temp.entrySet()) {
            TreeSet<String> there = new TreeSet<>();
            for (Row row : zone) {
                if ((row.owner + " " + row.type).equals(set.getKey())) {
                    boolean _ = there.add(row.data);
                }
            }
            if (!there.equals(set.getValue())) {
                return Rcode.NXRRSET;
            }
        }
        return Rcode.NOERROR;
    }

    private static boolean isMeta(int type) {
        return type == Type.OPT || (type >= 128 && type <= 255);
    }

    private int prescan(List<Record> updates) {
        for (Record rr : updates) {
            int length = rr.rdataToWireCanonical().length;
            boolean isMeta = isMeta(rr.getType());
            if (!rr.getName().subdomain(apex)) {
                return Rcode.NOTZONE;
            }
            boolean wrong =
                    switch (rr.getDClass()) {
                        case DClass.IN -> isMeta;
                        case DClass.ANY ->
                                rr.getTTL() != 0
                                        || length != 0
                                        || (isMeta && rr.getType() != Type.ANY);
                        case DClass.NONE -> rr.getTTL() != 0 || isMeta;
                        default -> true;
                    };
            if (wrong) {
                return Rcode.FORMERR;
            }
        }
        return Rcode.NOERROR;
    }

    private void update(Record rr) {
        Row row = Row.of(rr);
        boolean isApex = rr.getName().equals(apex);
        switch (rr.getDClass()) {
            case DClass.IN -> add(row, isApex);
            case DClass.ANY -> {
                boolean _ =
                        zone.removeIf(zrr ->
                                zrr.owner.equals(row.owner)
                                        && (row.type == Type.ANY || row.type == zrr.type)
                                        && !(isApex
                                                && (zrr.type == Type.SOA || zrr.type == Type.NS)));
            }
            default -> {
                long count = zone.stream().filter(zrr -> zrr.is(row.owner, row.type)).count();
                if (row.type == Type.SOA || (isApex && row.type == Type.NS && count == 1)) {
                    return;
                }
                boolean _ =
                        zone.removeIf(
                                zrr -> zrr.is(row.owner, row.type) && zrr.data.equals(row.data));
            }
        }
    }

    private void add(Row row, boolean isApex) {
        if (row.type == Type.CNAME
                ? any(zrr -> zrr.owner.equals(row.owner) && zrr.type != Type.CNAME)
                : any(zrr -> zrr.is(row.owner, Type.CNAME))) {
            return;
        }
        if (row.type == Type.SOA) {
            if (!isApex || !isAhead(row, soa().serial()) || !isAhead(row, serialBefore)) {
                return;
            }
        }
        List<Row> after = new ArrayList<>();
        for (Row zrr : zone) {
            boolean isSet = zrr.is(row.owner, row.type);
            if (!isSet) {
                after.add(zrr);
            } else if (!isReplaced(zrr, row)) {
                after.add(new Row(zrr.owner, zrr.type, row.ttl, zrr.data, zrr.spelled));
            }
        }
        after.add(row);
        zone = after;
    }

    private static boolean isAhead(Row soa, long serial) {
        long ahead = soa.serial() - serial & 0xFFFF_FFFFL;
        return ahead > 0 && ahead < 1L << 31;
    }

    private static boolean isReplaced(Row zrr, Row by) {
        return switch (by.type) {
            case Type.CNAME, Type.SOA, Type.DNAME -> true;
            // ADDRESS and PROTOCOL are the first five octets.
            case Type.WKS -> zrr.data.substring(0, 10).equals(by.data.substring(0, 10));
            default -> zrr.data.equals(by.data);
        };
    }
}
