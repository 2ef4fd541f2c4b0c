package org.anycastdns.server.ops;

import java.util.Map;
import java.util.stream.Stream;
import org.anycastdns.daemon.Json;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.MasterFileWriter;

/// Builds the JSON of the change from one version of a zone to another.
public final class ChangeReport {

    private ChangeReport() {}

    /// Returns a change as JSON: the records of each version that the other one does not have, the
    /// SOA record first.
    public static Map<String, Object> of(Name zone, IxfrStep step) {
        return Json.object(
                "name", zone.toString(),
                "from", Integer.toUnsignedLong(step.from().serial()),
                "to", Integer.toUnsignedLong(step.to().serial()),
                "deleted", records(step.from(), step.deletes()),
                "added", records(step.to(), step.adds()));
    }

    /// Returns records in text. Each is made when it is written.
    private static Iterable<Object> records(SoaRecord soa, Records records) {
        return () ->
                Stream.concat(Stream.of(soa.record()), records.list().stream())
                        .<Object>map(ChangeReport::of)
                        .iterator();
    }

    private static Map<String, Object> of(ResourceRecord record) {
        return Json.object(
                "name", record.owner().toString(),
                "ttl", record.ttlSeconds(),
                "type", RecordType.name(record.type()),
                "data", MasterFileWriter.data(record));
    }
}
