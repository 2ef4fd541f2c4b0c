package org.anycastdns.server.transfer.catalog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Any octets as versions of two catalogs that a server follows, and as what it has saved.
///
/// ```
///   versions: octets, each an edit of the records of one catalog
///     0 E  the version ends, and goes to the server     4 L T  group of a label: text
///     1    the other catalog                            5 L Z  coo of a label: a name
///     2 T  version: text                                6 O Z  PTR record at any name below
///     3 L Z  member: a label and a zone                 7 N    the N-th last record goes
/// ```
///
/// L chooses a label, Z a zone or a catalog; T and O are an octet for the length and then octets; E
/// tells what else happens: forcing, a restart, time.
public final class CatalogFuzz {

    private static final List<Name> CATALOGS = List.of(Name.of("one.cat."), Name.of("two.cat."));
    private static final List<Records> APEXES =
            CATALOGS.stream().map(apex -> CatalogText.records(apex, List.of())).toList();
    private static final List<Name> NAMES =
            List.of(
                    Name.of("a.test."),
                    Name.of("b.test."),
                    Name.of("c.test."),
                    Name.of("A.TEST."),
                    Name.ROOT,
                    CATALOGS.get(0),
                    CATALOGS.get(1),
                    Name.of("three.cat."));
    private static final List<String> LABELS = List.of("m1", "m2", "M1", "*");
    private static final int TEXT_OCTETS_MAX = 15;

    private final FollowingServer server =
            new FollowingServer(
                    List.of(
                            new CatalogRules(CATALOGS.get(0), List.of("f", "s")),
                            new CatalogRules(CATALOGS.get(1), List.of())));
    private final List<List<ResourceRecord>> records =
            List.of(new ArrayList<>(), new ArrayList<>());
    private final ByteBuffer in;
    private int chosen;

    private CatalogFuzz(byte[] data) {
        in = ByteBuffer.wrap(data);
    }

    /// Follows once.
    public static void fuzzerTestOneInput(byte[] data) {
        Membership saved = new Membership(FollowingServer.rules("one.cat.", "two.cat."), List.of());
        int understood = saved.restore(data, new Moment(0, 0)).octets();
        require(understood <= data.length, "more is understood than there is");
        CatalogFuzz fuzz = new CatalogFuzz(data);
        while (fuzz.in.hasRemaining()) {
            fuzz.edit();
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private int octet() {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    private byte[] text() {
        byte[] text = new byte[1 + Math.min(octet() & TEXT_OCTETS_MAX, in.remaining())];
        in.get(text, 1, text.length - 1);
        text[0] = (byte) (text.length - 1);
        return text;
    }

    private <T> T any(List<T> values) {
        return values.get(octet() % values.size());
    }

    private void edit() {
        switch (octet() & 7) {
            case 0 -> version(octet());
            case 1 -> chosen = 1 - chosen;
            case 2 -> add("version", RecordType.TXT, text());
            case 3 -> add(any(LABELS) + ".zones", RecordType.PTR, any(NAMES).wire());
            case 4 -> add("group." + any(LABELS) + ".zones", RecordType.TXT, text());
            case 5 -> add("coo." + any(LABELS) + ".zones", RecordType.PTR, any(NAMES).wire());
            case 6 -> add(anyOwner(), RecordType.PTR, any(NAMES).wire());
            default -> {
                List<ResourceRecord> list = records.get(chosen);
                int at = list.size() - 1 - octet();
                if (at >= 0) {
                    list.remove(at);
                }
            }
        }
    }

    /// Labels as they may be in a catalog of any content, with dots between them.
    private String anyOwner() {
        StringBuilder owner = new StringBuilder();
        for (byte octet : text()) {
            owner.append(octet == '.' ? '.' : "\\%03d".formatted(octet & 0xff));
        }
        return owner.toString().replaceAll("\\.+", ".").replaceAll("^\\.|\\.$", "");
    }

    /// Adds a record, unless it is there but for the case of letters.
    private void add(String owner, int type, byte[] rdata) {
        Name name = Name.of(owner, CATALOGS.get(chosen));
        List<ResourceRecord> list = records.get(chosen);
        list.removeIf(each ->
                each.owner().equals(name)
                        && each.type() == type
                        && (type == RecordType.PTR
                                ? Name.read(each.rdata(), 0).equals(Name.read(rdata, 0))
                                : Arrays.equals(each.rdata(), rdata)));
        list.add(new ResourceRecord(name, type, 0, rdata));
    }

    private void version(int more) {
        Name apex = CATALOGS.get(chosen);
        Records version = APEXES.get(chosen).copy();
        records.get(chosen).forEach(record -> version.add(record, 0));
        server.after(more << 13).take(apex, version);
        Catalog catalog = Catalog.read(apex, version);
        CatalogStatus status = server.membership().status().get(chosen);
        require(
                catalog instanceof Catalog.Broken
                        == (status.condition() == CatalogStatus.Condition.BROKEN),
                "IXFR and AXFR differ: " + catalog + ", " + status);
        if (catalog instanceof Catalog.Sound(var members)
                && status.condition() == CatalogStatus.Condition.FOLLOWED) {
            require(
                    members.size() == status.members() + status.waiting(),
                    members + " are not those of " + status);
        }
        List<String> before = server.members();
        if ((more & 1) != 0) {
            server.whole(apex.toString());
            require(before.equals(server.members()), "again, it differs: " + before);
        }
        if ((more & 2) != 0) {
            server.restart();
            require(before.equals(server.members()), "after a restart, it differs: " + before);
        }
        if ((more & 4) != 0) {
            server.force(apex.toString());
        }
    }
}
