package org.anycastdns.benchmarks.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.anycastdns.benchmarks.workload.TldZone;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.ZoneTransferIn;

/// The primary and the client of the measurement. dnsjava is the independent client.
class CannedPrimaryTest {

    private static final int DELEGATIONS = 2_000;
    private static final long SEED = 7;
    private static final byte[] SECRET =
            "only a test knows this secret 32".getBytes(StandardCharsets.US_ASCII);
    private static final TsigKey KEY =
            new TsigKey(Name.of("transfer"), TsigAlgorithm.HMAC_SHA256, SECRET);
    private static final TSIG SAME_KEY =
            new TSIG(TSIG.HMAC_SHA256, org.xbill.DNS.Name.fromConstantString("transfer."), SECRET);

    private static ZoneSeries series() throws IOException {
        StringBuilder text = new StringBuilder();
        new TldZone(DELEGATIONS, SEED).write(text);
        return ZoneSeries.of(TldZone.ORIGIN, text.toString());
    }

    private static CannedPrimary primary() throws IOException {
        return new CannedPrimary(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), KEY);
    }

    private static ZoneTransferIn client(CannedPrimary primary, long serial) {
        org.xbill.DNS.Name zone = org.xbill.DNS.Name.fromConstantString(TldZone.ORIGIN);
        return serial < 0
                ? ZoneTransferIn.newAXFR(zone, primary.address(), SAME_KEY)
                : ZoneTransferIn.newIXFR(zone, serial, false, primary.address(), SAME_KEY);
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(Record::toString).toList();
    }

    @Test
    void aSecondaryGetsTheWholeZoneAndThenEachChange() throws Exception {
        ZoneSeries series = series();
        PreparedVersion whole = series.whole();
        try (CannedPrimary primary = primary()) {
            var sent = primary.publish(whole);
            ZoneTransferIn axfr = client(primary, -1);
            axfr.run();
            assertEquals(series.size() + 1, axfr.getAXFR().size(), "both SOA records");
            assertFalse(sent.get(1, TimeUnit.MINUTES).changes());
            Set<String> changedNames = new HashSet<>();
            Set<String> changedOwners = new HashSet<>();
            for (int number = 1; number <= 2; number++) {
                PreparedVersion change = series.change(number, 100);
                var changed = primary.publish(change);
                ZoneTransferIn ixfr =
                        client(primary, Integer.toUnsignedLong(whole.serial()) + number - 1);
                ixfr.run();
                assertTrue(ixfr.isIXFR(), "changes only");
                ZoneTransferIn.Delta delta = ixfr.getIXFR().getFirst();
                // The SOA record and 100 others.
                assertEquals(101, delta.deletes.size());
                assertEquals(101, delta.adds.size());
                for (Record record : delta.deletes.subList(1, 101)) {
                    assertTrue(
                            texts(axfr.getAXFR()).contains(record.toString()),
                            () -> "not there before: " + record);
                    assertTrue(changedNames.add(record.toString()), "changed twice: " + record);
                    changedOwners.add(record.getName().toString());
                }
                assertTrue(changed.get(1, TimeUnit.MINUTES).changes());
            }
            assertTrue(changedOwners.size() > 150, () -> "names: " + changedOwners.size());
        }
    }

    @Test
    void theFirstVersionIsTheApexAndItsServers() throws Exception {
        try (CannedPrimary primary = primary()) {
            var _ = primary.publish(series().first());
            ZoneTransferIn axfr = client(primary, -1);
            axfr.run();
            List<String> owners = new ArrayList<>();
            axfr.getAXFR().forEach(record -> owners.add(record.getName().toString()));
            assertEquals(Set.of("test.", "a.nic.test.", "b.nic.test."), Set.copyOf(owners));
        }
    }

    @Test
    void whoHasTheVersionIsToldSo() throws Exception {
        PreparedVersion whole = series().whole();
        try (CannedPrimary primary = primary()) {
            var sent = primary.publish(whole);
            ZoneTransferIn ixfr = client(primary, Integer.toUnsignedLong(whole.serial()));
            ixfr.run();
            assertTrue(ixfr.isCurrent());
            assertFalse(sent.isDone(), "nothing was transferred");
        }
    }

    @Test
    void thePortIsFreeWhenAPrimaryIsClosed() throws Exception {
        InetSocketAddress address;
        try (CannedPrimary primary = primary()) {
            address = primary.address();
        }
        for (int i = 0; i < 100; i++) {
            new CannedPrimary(address, KEY).close();
        }
    }

    @Test
    void whoDoesNotSignGetsNothing() throws Exception {
        try (CannedPrimary primary = primary()) {
            var _ = primary.publish(series().whole());
            ZoneTransferIn axfr =
                    ZoneTransferIn.newAXFR(
                            org.xbill.DNS.Name.fromConstantString(TldZone.ORIGIN),
                            primary.address(),
                            null);
            assertThrows(IOException.class, axfr::run);
            assertEquals("a request is not signed as it should be", primary.refused());
        }
    }

    @Test
    void theClientCountsAllOctetsAndFindsTheEnd() throws Exception {
        ZoneSeries series = series();
        Name zone = Name.of(TldZone.ORIGIN);
        try (CannedPrimary primary = primary()) {
            var sent = primary.publish(series.whole());
            DiscardingClient.Received received =
                    DiscardingClient.axfr(primary.address(), zone, KEY, series.size() + 1L);
            assertEquals(sent.get(1, TimeUnit.MINUTES).octets(), received.octets());
            IOException early =
                    assertThrows(
                            IOException.class,
                            () ->
                                    DiscardingClient.axfr(
                                            primary.address(), zone, KEY, series.size()));
            assertTrue(
                    String.valueOf(early.getMessage()).contains("records came"), early::toString);
        }
    }
}
