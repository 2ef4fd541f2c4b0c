package org.anycastdns.server.transfer.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.out.OutgoingTransfer.Kind;
import org.anycastdns.server.transfer.update.RandomUpdates;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.transfer.update.UpdateResult;
import org.anycastdns.server.transfer.update.UpdatedZone;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Versions that are known by what changes from one to the next: secondaries get the same as from
/// versions that are known as a whole.
class ProvidedChangesTest {

    private static Records records(List<Record> from) {
        Records records = new Records();
        from.forEach(each -> records.add(UpdateMessages.zoneRecord(each), 0));
        return records;
    }

    private static SoaRecord soa(Records records) {
        return new SoaRecord(records.record(records.all(Type.SOA)[0]));
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(Record::toString).sorted().toList();
    }

    /// Returns the records of an AXFR, the SOA record once.
    private static List<String> transferred(ProvidedZone zone) {
        Message request = Message.newQuery(OutgoingSamples.question(Type.AXFR));
        TransferQuery query = Objects.requireNonNull(TransferQuery.of(request.toWire()));
        OutgoingTransfer transfer =
                OutgoingTransfer.overTcp(query, zone, OptionalLong.empty(), 100, null);
        assertEquals(Kind.AXFR, transfer.kind());
        List<Record> records = new ArrayList<>();
        for (Message message : OutgoingSamples.messages(transfer)) {
            records.addAll(message.getSection(Section.ANSWER));
        }
        assertEquals(records.getFirst(), records.getLast());
        Record _ = records.removeLast();
        return texts(records);
    }

    @Test
    void aTransferHasEveryChange() {
        Seeded seeded = Seeded.of("changes", 20261203, "updates", 3_000);
        RandomUpdates updates = new RandomUpdates(seeded.random(), true);
        UpdatedZone zone = UpdatedZone.of(RandomUpdates.zone());
        Records first = records(RandomUpdates.zone());
        ProvidedZone provided = ProvidedZone.first(Name.of("example"), soa(first), first);
        List<IxfrStep> waiting = new ArrayList<>();
        int condensed = 0;
        for (int i = 0; i < seeded.count(); i++) {
            byte[] wire = updates.next(Integer.toUnsignedLong(zone.serial())).toWire(65_535);
            if (zone.on(UpdateMessages.request(wire)) instanceof UpdateResult.Changed(var step)) {
                waiting.add(step);
            }
            if (waiting.isEmpty() || seeded.random().nextInt(3) == 0) {
                continue;
            }
            int from = provided.soa().serial();
            int at = i;
            Supplier<String> place = () -> "seed %d, update %d".formatted(seeded.seed(), at);
            provided = provided.next(waiting);
            assertEquals(zone.serial(), provided.soa().serial(), place);
            assertEquals(texts(zone.records()), transferred(provided), place);
            List<IxfrStep> history = Objects.requireNonNull(provided.since(from), place);
            assertEquals(1, history.size(), place);
            condensed += provided.changes().size() == 1 ? 1 : 0;
            waiting.clear();
        }
        assertTrue(condensed > 1, "the changes were never condensed");
    }

    /// Many changes are put together with the records, so that a transfer never looks at more than
    /// some before it begins.
    @Test
    void manyChangesArePutTogether() {
        UpdatedZone zone = UpdatedZone.of(RandomUpdates.zone());
        Records first = records(RandomUpdates.zone());
        ProvidedZone provided = ProvidedZone.first(Name.of("example"), soa(first), first);
        int together = 0;
        for (int i = 0; i < 2 * ProvidedZone.RECORDS_MIN; i++) {
            byte[] add =
                    UpdateMessages.message(
                                    "example.", "add n%d.example. 60 A 192.0.2.9".formatted(i))
                            .toWire();
            if (zone.on(UpdateMessages.request(add)) instanceof UpdateResult.Changed(var step)) {
                provided = provided.next(List.of(step));
            }
            if (provided.changes().isEmpty()) {
                together++;
                assertEquals(texts(zone.records()), transferred(provided));
            }
        }
        assertTrue(together > 0, "never");
        assertEquals(texts(zone.records()), transferred(provided));
    }
}
