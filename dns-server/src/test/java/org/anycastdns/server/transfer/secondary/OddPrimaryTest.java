package org.anycastdns.server.transfer.secondary;

import static org.anycastdns.server.transfer.CannedPrimary.later;
import static org.anycastdns.server.transfer.CannedPrimary.reply;
import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.serve.ZoneSeries;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Primaries that are unusual but right, on loopback, with all that the product has behind: what
/// they send is served. The names of NSD's tests of the same things stand beside.
@Timeout(120)
class OddPrimaryTest {

    private static final String NS = SecondaryScene.NS;
    private static final String GLUE = SecondaryScene.GLUE;
    private static final String A = SecondaryScene.A;
    private static final String B = SecondaryScene.B;

    @TempDir private Path folder;

    /// ixfr_gone: the history is gone, so the whole zone comes in answer to IXFR.
    @Test
    void aHistoryThatIsGoneIsReplacedByTheZone() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.script =
                    (request, type, _) ->
                            type == RecordType.IXFR
                                    ? List.of(
                                            reply(request, soa(2), NS, GLUE),
                                            later(request, B, soa(2)))
                                    : null;
            scene.primary.asked();
            assertEquals(Verdict.TAKEN, scene.notify(2));
            var _ = scene.serves(2, NS, GLUE, B);
            assertEquals(List.of("SOA", "IXFR"), scene.primary.asked());
            assertTrue(scene.lines("no IXFR").isEmpty(), scene.lines()::toString);
        }
    }

    /// ixfr_large_soa, ixfr_wildcard, ixfr_del_rrsig_dnskey.
    @Test
    void oddButRightChangesAreTaken() throws Exception {
        String key = "example. DNSKEY 257 3 13 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        String signature =
                "example. RRSIG DNSKEY 13 1 300 20300101000000 20200101000000 1 example. AAAA";
        String wildcard = "*.example. A 192.0.2.9";
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.serve(3, NS, GLUE, B, wildcard, key, signature);
            assertEquals(Verdict.TAKEN, scene.notify(3));
            var _ = scene.serves(3, NS, GLUE, B, wildcard, key, signature);
            scene.primary.serve(4, NS, GLUE, B, key);
            assertEquals(Verdict.TAKEN, scene.notify(4));
            var _ = scene.serves(4, NS, GLUE, B, key);
            assertEquals("ixfr", Objects.requireNonNull(scene.status().last()).kind());
            String longest = ("x".repeat(63) + ".").repeat(3) + "y".repeat(53) + ".example.";
            String large = "example. SOA %s %s 5 3600 600 86400 300".formatted(longest, longest);
            scene.primary.script =
                    (request, type, _) ->
                            switch (type) {
                                case RecordType.SOA -> List.of(reply(request, large));
                                case RecordType.IXFR ->
                                        List.of(reply(request, large, soa(4), B, large, large));
                                default -> null;
                            };
            assertEquals(Verdict.TAKEN, scene.notify(5));
            var _ = scene.status(now -> now.serial().equals(OptionalLong.of(5)));
            assertEquals("ixfr", Objects.requireNonNull(scene.status().last()).kind());
        }
    }

    /// ixfr_superlong: a thousand versions are taken, of more the whole zone (case 36).
    @Test
    void aLongHistoryIsTakenUpToALimit() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            int most = TransferLimits.DEFAULT.versionsMax();
            for (int serial = 3; serial <= 1 + most; serial++) {
                scene.primary.serve(serial, NS, GLUE, serial % 2 == 0 ? A : B);
            }
            assertEquals(Verdict.TAKEN, scene.notify(1 + most));
            var _ = scene.serves(1 + most, NS, GLUE, B);
            assertEquals("ixfr", Objects.requireNonNull(scene.status().last()).kind());
            for (int serial = 2 + most; serial <= 2 + 2 * most; serial++) {
                scene.primary.serve(serial, NS, GLUE, serial % 2 == 0 ? A : B);
            }
            assertEquals(Verdict.TAKEN, scene.notify(2 + 2 * most));
            var _ = scene.serves(2 + 2 * most, NS, GLUE, A);
            assertEquals("axfr", Objects.requireNonNull(scene.status().last()).kind());
        }
    }

    /// nsec3_axfr, nsec3_ixfr, nsec3_resalt, and every other series of versions.
    @Test
    void everySeriesArrivesByIxfr() throws Exception {
        int serial = 2;
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            for (ZoneSeries series : ZoneSeries.all()) {
                for (int i = 0; i < series.versions().size(); i++) {
                    String[] records = series.texts(i).toArray(String[]::new);
                    scene.primary.serve(++serial, records);
                    assertEquals(Verdict.TAKEN, scene.notify(serial));
                    var _ = scene.serves(serial, records);
                }
            }
            assertTrue(scene.lines("no IXFR").isEmpty(), scene.lines()::toString);
            assertEquals(1L, scene.zones().counters().transfers().get("axfr"));
        }
    }

    /// nsec3_parentaxfr: a transfer of the parent leaves the zone below alone.
    @Test
    void aTransferOfTheParentLeavesTheChildAlone() throws Exception {
        Name child = Name.of("sub.example.");
        try (SecondaryScene scene = new SecondaryScene(folder)) {
            scene.primary.serve(1, NS, GLUE).serveOther("sub.example.", 7);
            scene.start("sub.example.");
            var _ = scene.serves(1, NS, GLUE);
            ZoneState before = childOf(scene, child);
            String[] signed =
                    ZoneSeries.all().stream()
                            .filter(each -> each.name().equals("nsec3"))
                            .findFirst()
                            .orElseThrow()
                            .texts(0)
                            .toArray(String[]::new);
            scene.primary.serve(2, signed);
            assertEquals("", scene.refresh(true).error());
            var _ = scene.serves(2, signed);
            assertSame(before.zone(), childOf(scene, child).zone());
        }
    }

    private static ZoneState childOf(SecondaryScene scene, Name child) throws InterruptedException {
        return Objects.requireNonNull(
                Eventually.seen(
                        "the child",
                        Duration.ofSeconds(60),
                        () -> scene.published(child),
                        state -> state != null && state.available()));
    }

    /// outofzone_axfr, and cases 28, 31, 32, 34: unusual, but a zone.
    @Test
    void unusualTransfersAreTaken() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.script =
                    SecondaryScene.axfr(request -> {
                        List<byte[]> messages = new ArrayList<>();
                        messages.add(reply(request, Header.AA | Header.TC, true, soa(2)));
                        for (String record : List.of(NS, "www.test. A 192.0.2.66", GLUE, B)) {
                            messages.add(later(request, record));
                            messages.add(empty(request));
                        }
                        messages.add(later(request, soa(2)));
                        return messages;
                    });
            assertEquals(Verdict.TAKEN, scene.notify(2));
            var _ = scene.serves(2, NS, GLUE, B);
            List<String> lines = scene.lines("outside-zone=1");
            assertEquals(1, lines.size(), scene.lines()::toString);
        }
    }

    private static byte[] empty(byte[] request) {
        MessageRecord opt = new MessageRecord(Name.ROOT, RecordType.OPT, 1_232, 0, new byte[0]);
        return CannedPrimary.message(
                CannedPrimary.parsed(request).id(), Header.QR, null, List.of(), List.of(opt));
    }

    /// Case 37: what a zone file could not have is taken with a warning; the primary decides.
    @Test
    void contradictionsAreTheWarningsOfAZone() throws Exception {
        String alias = "a.example. CNAME b.example.";
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.serve(3, NS, GLUE, A, alias, B);
            assertEquals(Verdict.TAKEN, scene.notify(3));
            var _ = scene.status(now -> now.serial().equals(OptionalLong.of(3)));
            List<String> lines = scene.lines("serial=1->3");
            assertEquals(1, lines.size(), scene.lines()::toString);
            assertTrue(lines.getFirst().contains("warnings="), lines::toString);
        }
    }
}
