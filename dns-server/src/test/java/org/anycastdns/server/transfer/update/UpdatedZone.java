package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// A zone that a test updates. Every change is also applied as an IXFR step to a copy of the
/// records, which must give the same zone.
public final class UpdatedZone {

    static final String APEX = "example.";
    static final Name KEY = Name.of("key.");
    static final long EPOCH_SECONDS = 1_790_000_000;

    private static final String[] HEAD = {
        "example. 3600 SOA ns.example. admin.example. 1 3600 600 86400 300",
        "example. 3600 NS ns.example.",
        "example. 3600 NS ns2.example.",
        "ns.example. 3600 A 192.0.2.53"
    };

    private final ZoneContent content;
    private ZoneUpdates updates = updates(UpdateLimits.DEFAULT, SerialPolicy.INCREMENT);

    UpdatedZone(String... records) {
        this(Stream.of(HEAD, records).flatMap(Stream::of).map(UpdateMessages::record).toList());
    }

    private UpdatedZone(List<Record> records) {
        Records all = new Records();
        records.forEach(record -> all.add(UpdateMessages.zoneRecord(record), 0));
        content = new ZoneContent(all, soa(all));
    }

    /// Returns a zone of all records given.
    public static UpdatedZone of(List<Record> records) {
        return new UpdatedZone(records);
    }

    private static SoaRecord soa(Records all) {
        return new SoaRecord(all.record(all.all(Type.SOA)[0]));
    }

    /// Everything is permitted to the key.
    static ZoneUpdates updates(UpdateLimits limits, SerialPolicy serials) {
        UpdateRule rule = UpdateRule.of(KEY, List.of(), List.of("ANY"));
        return new ZoneUpdates(new UpdatePolicy(List.of(rule)), serials, limits);
    }

    UpdatedZone with(ZoneUpdates other) {
        updates = other;
        return this;
    }

    ZoneContent content() {
        return content;
    }

    UpdateResult send(String... lines) {
        return send(UpdateMessages.message(APEX, lines));
    }

    UpdateResult send(Message message) {
        return on(UpdateMessages.request(message.toWire(65_535)));
    }

    /// Carries out a request by a key that may change everything.
    public UpdateResult on(UpdateRequest request) {
        return on(request, KEY);
    }

    UpdateResult on(UpdateRequest request, @org.jspecify.annotations.Nullable Name key) {
        UpdateResult result = updates.decide(content, request, key, EPOCH_SECONDS);
        if (result instanceof UpdateResult.Changed(IxfrStep step)) {
            Records before = content.records();
            assertEquals(SerialOrder.NEWER, SerialOrder.of(step.to().serial(), serial()));
            ZoneChanges.Outcome outcome = ZoneChanges.apply(before, content.soa(), List.of(step));
            content.apply(step);
            ZoneChanges.Outcome.Applied applied =
                    assertInstanceOf(ZoneChanges.Outcome.Applied.class, outcome, outcome::toString);
            assertEquals(
                    UpdateMessages.texts(applied.records().list()),
                    UpdateMessages.texts(content.records().list()));
            assertEquals(applied.records().size(), content.recordCount());
            assertEquals(octets(applied.records()), content.octets());
        }
        return result;
    }

    /// The zone, written to a file, must load without an error and have the same records.
    UpdatedZone loadsAgain() {
        StringBuilder text = new StringBuilder();
        for (ResourceRecord record : content.records().list()) {
            text.append(MessageRecord.of(record).toString().replace(" CLASS1 ", " IN "))
                    .append('\n');
        }
        Name apex = content.soa().record().owner();
        ZoneFile file = ZoneFile.read(apex, "zone", _ -> new Source.Content.Text(text.toString()));
        assertFalse(file.hasErrors(), () -> file.problems() + "\n" + text);
        assertEquals(
                UpdateMessages.texts(content.records().list()),
                UpdateMessages.texts(file.records()));
        return this;
    }

    private static long octets(Records records) {
        return records.list().stream().mapToLong(RecordData::octets).sum();
    }

    /// Returns the serial, an unsigned number in an int.
    public int serial() {
        return content.soa().serial();
    }

    /// Returns the records as those of dnsjava.
    public List<Record> records() {
        List<Record> records = new ArrayList<>();
        for (ResourceRecord each : content.records().list()) {
            records.add(
                    Record.newRecord(
                            UpdateMessages.name(each.owner().toString()),
                            each.type(),
                            DClass.IN,
                            each.ttlSeconds(),
                            each.rdata()));
        }
        return records;
    }

    /// Sends what must change something.
    UpdatedZone changes(String... lines) {
        assertInstanceOf(UpdateResult.Changed.class, send(lines));
        return this;
    }

    /// Sends what must be answered with NOERROR and must change nothing.
    UpdatedZone keeps(String... lines) {
        int serial = serial();
        List<String> before = UpdateMessages.texts(content.records().list());
        assertInstanceOf(UpdateResult.Unchanged.class, send(lines));
        assertEquals(serial, serial());
        assertEquals(before, UpdateMessages.texts(content.records().list()));
        return this;
    }

    /// Sends what must be rejected; returns the reason.
    String rejects(int rcode, String... lines) {
        return rejected(rcode, send(lines));
    }

    static String rejected(int rcode, UpdateResult result) {
        UpdateResult.Rejected rejected =
                assertInstanceOf(UpdateResult.Rejected.class, result, result::toString);
        assertEquals(Rcode.name(rcode), Rcode.name(rejected.rcode()), rejected.reason());
        return rejected.reason();
    }

    /// The records of a name must be these, each `TTL TYPE DATA`, whatever the spelling of the
    /// name.
    UpdatedZone has(String owner, String... records) {
        List<ResourceRecord> wanted =
                Arrays.stream(records)
                        .map(text -> UpdateMessages.record(owner + " " + text))
                        .map(UpdateMessages::zoneRecord)
                        .toList();
        List<ResourceRecord> found =
                content.records(Name.of(owner)).stream()
                        .map(each ->
                                new ResourceRecord(
                                        Name.of(owner),
                                        each.type(),
                                        each.ttlSeconds(),
                                        each.rdata()))
                        .toList();
        assertEquals(UpdateMessages.texts(wanted), UpdateMessages.texts(found));
        return this;
    }
}
