package org.anycastdns.server.transfer.catalog;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;

/// Catalogs from lines of a zone file such as `m1.zones PTR a.test.`.
final class CatalogText {

    static final Name CATALOG = Name.of("one.cat.");
    static final String VERSION = "version TXT 2";

    private static final String APEX =
            "$TTL 0\n@ SOA invalid. invalid. 1 60 60 60 0\n@ NS invalid.\n";

    private CatalogText() {}

    /// The records of the lines, with the SOA and NS records.
    static Records records(Name apex, List<String> lines) {
        Source.Content text = new Source.Content.Text(APEX + String.join("\n", lines) + "\n");
        return collected(ZoneFile.read(apex, "catalog", name -> text).records());
    }

    static Records records(String... lines) {
        return records(CATALOG, List.of(lines));
    }

    private static Records collected(List<ResourceRecord> list) {
        Records records = new Records();
        list.forEach(record -> records.add(record, 0));
        return records;
    }

    /// The change from one version to another.
    static IxfrStep step(Records before, Records after) {
        return new IxfrStep(soa(before), only(before, after), soa(after), only(after, before));
    }

    private static Records only(Records some, Records others) {
        List<ResourceRecord> only = new ArrayList<>(some.list());
        only.removeAll(new java.util.HashSet<>(others.list()));
        only.removeIf(record -> record.type() == RecordType.SOA);
        return collected(only);
    }

    static SoaRecord soa(Records records) {
        return new SoaRecord(records.record(records.all(RecordType.SOA)[0]));
    }
}
