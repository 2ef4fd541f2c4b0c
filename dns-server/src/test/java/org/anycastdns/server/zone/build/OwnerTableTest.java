package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTableTest {

    private static final long SEED = 20_261_123;
    private static final Name APEX = Name.of("example.com.");

    /// Few records are sorted by insertion, many by the library.
    @ParameterizedTest
    @ValueSource(ints = {2, 32, 33, 500})
    void aRecordKeepsItsHostWhereverItGoes(int count) {
        OwnerTable owners = OwnerTable.of(mailServers(count), APEX, ParallelRunner.ALONE);
        List<Integer> order = new ArrayList<>(IntStream.range(0, owners.count()).boxed().toList());
        Collections.shuffle(order, new Random(SEED));
        owners.renumber(order.stream().mapToInt(Integer::intValue).toArray());
        int apex = owners.apex();
        owners.sort(apex);
        assertEquals(count, owners.end(apex) - owners.start(apex));
        Records records = owners.records();
        int found = 0;
        for (int i = owners.start(apex); i < owners.end(apex); i++) {
            int record = owners.record(i);
            byte[] octets = records.octets(record);
            int host = owners.find(octets, records.rdataOffset(record) + 2);
            assertEquals(
                    host, owners.host(i), () -> "seed " + SEED + ": " + records.record(record));
            found += host == OwnerTable.NONE ? 0 : 1;
            assertTrue(
                    i == owners.start(apex)
                            || records.compareRdata(owners.record(i - 1), record) < 0);
        }
        assertEquals(count - count / 2, found);
    }

    /// MX records in no order, to hosts of which every other one is there.
    private static Records mailServers(int count) {
        List<ResourceRecord> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Name host = Name.of("mail" + i, APEX);
            byte[] exchange = host.wire();
            byte[] rdata =
                    ByteBuffer.allocate(2 + exchange.length)
                            .putShort((short) 10)
                            .put(exchange)
                            .array();
            all.add(new ResourceRecord(APEX, RecordType.MX, 300, rdata));
            if (i % 2 == 0) {
                byte[] address = {(byte) 192, 0, 2, (byte) i};
                all.add(new ResourceRecord(host, RecordType.A, 300, address));
            }
        }
        Collections.shuffle(all, new Random(SEED));
        Records records = new Records();
        all.forEach(record -> records.add(record, 0));
        return records;
    }
}
