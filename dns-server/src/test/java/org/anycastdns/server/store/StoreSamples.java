package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Zones for tests of the store. A record is a text such as `a 192.0.2.1`, relative to the zone.
final class StoreSamples {

    static final Name ZONE = Name.of("Example.org.");
    static final ZoneTimers.Saved TIMERS = new ZoneTimers.Saved(1_790_000_000, 86_400);

    private StoreSamples() {}

    /// Tags in a row, so that a test repeats.
    static LongSupplier tags() {
        return new AtomicLong(0x5eed_0000_0000_0001L)::getAndIncrement;
    }

    static SoaRecord soa(Name zone, int serial) {
        Name host = Name.of("ns", zone);
        ByteBuffer rdata = ByteBuffer.allocate(2 * host.length() + 20);
        rdata.put(host.wire()).put(host.wire()).putInt(serial);
        rdata.putInt(3_600).putInt(600).putInt(86_400).putInt(300);
        return new SoaRecord(new ResourceRecord(zone, RecordType.SOA, 300, rdata.array()));
    }

    static ResourceRecord record(Name zone, String text) {
        String[] fields = text.split(" ");
        ByteBuffer rdata = ByteBuffer.allocate(4);
        for (String octet : fields[1].split("\\.")) {
            rdata.put((byte) Integer.parseInt(octet));
        }
        return new ResourceRecord(Name.of(fields[0], zone), RecordType.A, 60, rdata.array());
    }

    /// Records with NS records at the apex, but without the SOA record.
    static Records changed(Name zone, Collection<String> texts) {
        Records records = new Records();
        texts.forEach(text -> records.add(record(zone, text), 0));
        return records;
    }

    /// All records of a zone.
    static Records all(Name zone, int serial, Collection<String> texts) {
        Records records = changed(zone, texts);
        byte[] host = Name.of("ns", zone).wire();
        records.add(new ResourceRecord(zone, RecordType.NS, 300, host), 0);
        records.add(soa(zone, serial).record(), 0);
        return records;
    }

    static IxfrStep step(
            Name zone, int from, Collection<String> deletes, int to, Collection<String> adds) {
        return new IxfrStep(
                soa(zone, from), changed(zone, deletes), soa(zone, to), changed(zone, adds));
    }

    /// Fails unless an exception says something.
    static void assertSays(String part, Exception thrown) {
        String text = String.valueOf(thrown.getMessage());
        assertTrue(text.contains(part), text);
    }

    /// The records as sorted text, spelling included.
    static List<String> texts(Records records) {
        return records.list().stream()
                .map(record ->
                        "%s %d %s %s"
                                .formatted(
                                        HexFormat.of().formatHex(record.owner().wire()),
                                        record.ttlSeconds(),
                                        RecordType.name(record.type()),
                                        HexFormat.of().formatHex(record.rdata())))
                .sorted()
                .toList();
    }
}
