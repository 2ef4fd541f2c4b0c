package org.anycastdns.benchmarks.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferIn;

/// The catalogs of the measurement, as dnsjava takes them.
class CatalogSeriesTest {

    private static final byte[] SECRET =
            "only a test knows this secret 32".getBytes(StandardCharsets.US_ASCII);
    private static final TsigKey KEY =
            new TsigKey(Name.of("transfer"), TsigAlgorithm.HMAC_SHA256, SECRET);
    private static final TSIG SAME_KEY =
            new TSIG(TSIG.HMAC_SHA256, org.xbill.DNS.Name.fromConstantString("transfer."), SECRET);
    private static final org.xbill.DNS.Name CATALOG =
            org.xbill.DNS.Name.fromConstantString("catalog.example.");

    private static List<String> members(List<Record> records) {
        return records.stream()
                .filter(each -> each.getType() == Type.PTR)
                .map(each -> ((PTRRecord) each).getTarget().toString())
                .sorted()
                .toList();
    }

    @Test
    void aCatalogHasOneMemberThenManyThenOneMore() throws Exception {
        List<Name> zones =
                IntStream.range(0, 7).mapToObj(i -> Name.of("z" + i + ".test.")).toList();
        CatalogSeries series = new CatalogSeries(Name.of("catalog.example."), zones);
        try (CannedPrimary primary =
                new CannedPrimary(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), KEY)) {
            var _ = primary.publish(series.whole(1));
            ZoneTransferIn first = ZoneTransferIn.newAXFR(CATALOG, primary.address(), SAME_KEY);
            first.run();
            assertEquals(List.of("z0.test."), members(first.getAXFR()));
            assertTrue(
                    first.getAXFR().stream().anyMatch(each -> each.getType() == Type.TXT),
                    "the version of the format");
            PreparedVersion many = series.whole(5);
            var _ = primary.publish(many);
            ZoneTransferIn whole = ZoneTransferIn.newAXFR(CATALOG, primary.address(), SAME_KEY);
            whole.run();
            assertEquals(
                    List.of("z0.test.", "z1.test.", "z2.test.", "z3.test.", "z4.test."),
                    members(whole.getAXFR()));
            var _ = primary.publish(series.oneMore());
            ZoneTransferIn more =
                    ZoneTransferIn.newIXFR(
                            CATALOG,
                            Integer.toUnsignedLong(many.serial()),
                            false,
                            primary.address(),
                            SAME_KEY);
            more.run();
            assertTrue(more.isIXFR(), "changes only");
            assertEquals(List.of("z5.test."), members(more.getIXFR().getFirst().adds));
            assertEquals(List.of(), members(more.getIXFR().getFirst().deletes));
        }
    }
}
