package org.anycastdns.server.transfer.secondary;

import static org.anycastdns.server.transfer.CannedPrimary.later;
import static org.anycastdns.server.transfer.CannedPrimary.reply;
import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Primaries that are broken or hostile, on loopback, with all that the product has behind: the
/// version in service stays, one line in the log says why, and the primary is asked again after
/// RETRY, not sooner. The names of NSD's tests of the same things stand beside.
@Timeout(120)
class HostilePrimaryTest {

    private static final String NS = SecondaryScene.NS;
    private static final String GLUE = SecondaryScene.GLUE;
    private static final String A = SecondaryScene.A;
    private static final String B = SecondaryScene.B;

    /// RETRY is 600 s, and the wait is at most a tenth shorter.
    private static final long RETRY_SECONDS_MIN = 539;

    /// No line in the log is longer, whatever a primary sends.
    private static final int LINE_MAX = 2_000;

    private static final TsigKey KEY = key("the secret");

    @TempDir private Path folder;

    private static TsigKey key(String secret) {
        return new TsigKey(
                Name.of("k."), TsigAlgorithm.HMAC_SHA256, secret.getBytes(StandardCharsets.UTF_8));
    }

    /// Tells of version 2, which does not come.
    private static void assertKept(
            SecondaryScene scene, String reason, LoopbackPrimary.Script script) throws Exception {
        scene.primary.script = script;
        scene.primary.asked();
        assertEquals(Verdict.TAKEN, scene.notify(2));
        TransferStatus failed = scene.status(now -> now.error().contains(reason));
        scene.stillServes(1, NS, GLUE, A);
        List<String> lines = scene.lines("not transferred");
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains(reason), lines::toString);
        assertTrue(lines.getFirst().contains("the version in service stays"), lines::toString);
        assertTrue(scene.lines("internal error").isEmpty(), scene.lines()::toString);
        int longest = scene.lines().stream().mapToInt(String::length).max().orElse(0);
        assertTrue(longest <= LINE_MAX, () -> "a line of " + longest + " characters");
        assertBacksOff(failed);
        List<String> asked = scene.primary.asked();
        assertEquals(asked.stream().distinct().toList(), asked, "asked more than once in a round");
    }

    private static void assertBacksOff(TransferStatus failed) {
        Duration wait =
                Duration.between(
                        Objects.requireNonNull(failed.errorAt()),
                        Objects.requireNonNull(failed.next()));
        assertTrue(wait.toSeconds() >= RETRY_SECONDS_MIN, () -> "asked again after " + wait);
    }

    private static void assertRecovers(SecondaryScene scene) throws Exception {
        scene.primary.script = (_, _, _) -> null;
        assertEquals("", scene.refresh(false).error());
        var _ = scene.serves(2, NS, GLUE, B);
    }

    @ParameterizedTest
    @EnumSource
    void anAxfrThatIsNoZoneChangesNothing(HostileAnswer answer) throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            assertKept(scene, answer.reason, SecondaryScene.axfr(answer.messages));
            assertRecovers(scene);
        }
    }

    /// ixfr_badformat, ixfr_duplicate_serial, ixfr_faildel, ixfr_outsync: the whole zone is taken
    /// on the same connection.
    @Test
    void aBrokenIxfrIsFollowedByAxfr() throws Exception {
        assertFollowedByAxfr(
                "octet ",
                request -> {
                    byte[] message = reply(request, soa(2), soa(1), A, soa(2), B, soa(2));
                    return Arrays.copyOf(message, message.length - 3);
                });
        assertFollowedByAxfr(
                "from serial 1 to 1",
                request -> reply(request, soa(2), soa(1), A, soa(1), B, soa(2)));
        assertFollowedByAxfr(
                "never.example.",
                request ->
                        reply(
                                request,
                                soa(2),
                                soa(1),
                                "never.example. A 192.0.2.99",
                                soa(2),
                                B,
                                soa(2)));
        assertFollowedByAxfr(
                "serial 0 in the middle",
                request -> reply(request, soa(2), soa(0), A, soa(2), B, soa(2)));
        assertFollowedByAxfr(
                "begins at serial 3",
                request -> reply(request, soa(2), soa(1), A, soa(2), B, soa(3), soa(2)));
        assertFollowedByAxfr("empty response", CannedPrimary::reply);
    }

    private void assertFollowedByAxfr(String reason, Function<byte[], byte[]> ixfr)
            throws Exception {
        Path own = Files.createTempDirectory(folder, "ixfr");
        try (SecondaryScene scene = SecondaryScene.behind(new SecondaryScene(own))) {
            scene.primary.script =
                    (request, type, _) ->
                            type == RecordType.IXFR ? List.of(ixfr.apply(request)) : null;
            assertEquals(Verdict.TAKEN, scene.notify(2));
            var _ = scene.serves(2, NS, GLUE, B);
            List<String> lines = scene.lines("no IXFR from first");
            assertEquals(1, lines.size(), scene.lines()::toString);
            assertTrue(lines.getFirst().contains(reason), lines::toString);
            assertEquals("axfr", Objects.requireNonNull(scene.status().last()).kind());
        }
    }

    /// If AXFR fails as well, the old version stays.
    @Test
    void aBrokenIxfrAndABrokenAxfrChangeNothing() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            assertKept(
                    scene,
                    "SERVFAIL",
                    (request, type, _) ->
                            switch (type) {
                                case RecordType.IXFR -> List.of(reply(request, soa(2), soa(0)));
                                case RecordType.AXFR ->
                                        List.of(CannedPrimary.error(request, Rcode.SERVFAIL));
                                default -> null;
                            });
            assertRecovers(scene);
        }
    }

    /// notify_ahead_perpetual (case 65).
    @Test
    void aSerialThatNeverComesIsAskedForAFewTimes() throws Exception {
        try (SecondaryScene scene = new SecondaryScene(folder)) {
            scene.primary.serve(1, NS, GLUE, A);
            scene.start();
            var _ = scene.serves(1, NS, GLUE, A);
            scene.primary.asked();
            assertEquals(Verdict.TAKEN, scene.notify(1_000));
            int requests = 0;
            for (int i = 0; i < 4; i++) {
                assertNotNull(scene.primary.asked.poll(60, TimeUnit.SECONDS), "request " + i);
                requests++;
                // The next one waits for 1 s, 2 s, and 4 s.
                var _ = scene.status(now -> now.error().isEmpty());
                scene.goOn(5);
            }
            assertEquals(4, requests);
            scene.goOn(60);
            // What an operator wants comes after all that was due.
            assertEquals("", scene.refresh(false).error());
            assertEquals(List.of("SOA"), scene.primary.asked());
            scene.stillServes(1, NS, GLUE, A);
        }
    }

    /// notify_nokey (case 63): without its key, a primary is a stranger.
    @Test
    void notifyWithoutTheKeyIsRefused() throws Exception {
        try (SecondaryScene scene = new SecondaryScene(folder)) {
            scene.start(List.of(SecondaryScene.of("first", scene.primary, KEY)));
            assertEquals(Verdict.REFUSED, scene.notify(2));
            List<String> lines = scene.lines("must sign with another key");
            assertEquals(1, lines.size(), scene.lines()::toString);
            assertEquals(
                    Verdict.TAKEN,
                    scene.zones()
                            .notified(
                                    CannedPrimary.ZONE,
                                    scene.primary.address().getAddress(),
                                    KEY.name(),
                                    OptionalInt.empty()));
        }
    }

    /// tsig_badkey, tsig_badsig, and responses that are not signed (case 77).
    @Test
    void withoutTheRightSignatureNothingIsTaken() throws Exception {
        try (SecondaryScene scene = new SecondaryScene(folder)) {
            scene.primary.serve(1, NS, GLUE, A);
            scene.primary.script = signing(KEY);
            scene.start(List.of(SecondaryScene.of("first", scene.primary, KEY)));
            var _ = scene.serves(1, NS, GLUE, A);
            scene.primary.serve(2, NS, GLUE, B);
            for (String wrong : List.of("unsigned", "BADKEY", "BADSIG", "middle")) {
                scene.primary.script =
                        switch (wrong) {
                            case "unsigned" -> (_, _, _) -> null;
                            case "BADKEY" -> refusing(new TsigKeys(List.of()));
                            case "BADSIG" -> refusing(new TsigKeys(List.of(key("another"))));
                            default -> damagedInTheMiddle();
                        };
                TransferStatus failed = scene.refresh(wrong.equals("middle"));
                String reason =
                        switch (wrong) {
                            case "unsigned" -> "not signed";
                            case "middle" -> "BADSIG: the MAC";
                            default -> wrong;
                        };
                assertTrue(failed.error().contains(reason), failed::error);
                scene.stillServes(1, NS, GLUE, A);
            }
            scene.primary.script = signing(KEY);
            assertEquals("", scene.refresh(false).error());
            var _ = scene.serves(2, NS, GLUE, B);
        }
    }

    private static List<byte[]> signed(TsigKeys keys, byte[] request, List<byte[]> messages) {
        long now = System.currentTimeMillis() / 1_000;
        TsigSigner signer =
                switch (TsigRequests.check(keys, request, request.length, now)) {
                    case TsigVerdict.Verified(TsigKey _, TsigSigner reply) -> reply;
                    case TsigVerdict.Failed(var _, TsigSigner reply) -> reply;
                    case TsigVerdict.Unsigned _, TsigVerdict.Malformed _ ->
                            throw new AssertionError("the request is not signed");
                };
        return messages.stream().map(each -> signer.sign(each, each.length, now)).toList();
    }

    /// Signs the usual answers for versions 1 and 2.
    private static LoopbackPrimary.Script signing(TsigKey key) {
        return (request, type, _) -> {
            List<byte[]> messages =
                    switch (type) {
                        case RecordType.SOA -> List.of(reply(request, soa(2)));
                        case RecordType.IXFR ->
                                List.of(
                                        reply(request, soa(2), soa(1), A),
                                        later(request, soa(2), B, soa(2)));
                        default ->
                                List.of(
                                        reply(request, soa(1), NS, GLUE),
                                        later(request, A, soa(1)));
                    };
            return signed(new TsigKeys(List.of(key)), request, messages);
        };
    }

    private static LoopbackPrimary.Script refusing(TsigKeys keys) {
        return (request, _, _) ->
                signed(keys, request, List.of(CannedPrimary.error(request, Rcode.NOTAUTH)));
    }

    private static LoopbackPrimary.Script damagedInTheMiddle() {
        return (request, _, _) -> {
            List<byte[]> messages =
                    new ArrayList<>(
                            signed(
                                    new TsigKeys(List.of(KEY)),
                                    request,
                                    List.of(
                                            reply(request, soa(2), NS),
                                            later(request, GLUE, B),
                                            later(request, soa(2)))));
            byte[] middle = messages.get(1);
            // The last octet of the address, behind header, owner, type, class, TTL and length.
            middle[Header.OCTETS + Name.of("ns.example.").length() + 10 + 3] ^= 1;
            return messages;
        };
    }

    /// xfr_huge (case 35): a transfer without end costs what the limits say.
    @Test
    void aTransferWithoutEndIsBroken() throws Exception {
        TransferLimits limits =
                new TransferLimits(1 << 20, 5_000, 1 << 20, 100, 1 << 20, 60_000, 10_000);
        SecondarySettings settings = new SecondarySettings(10, 4, limits, TimerLimits.DEFAULT);
        try (SecondaryScene scene =
                SecondaryScene.behind(new SecondaryScene(folder, settings, ReadRules.DEFAULT))) {
            assertKept(
                    scene,
                    "more than 5000 records",
                    SecondaryScene.axfr(request -> {
                        List<byte[]> messages = new ArrayList<>();
                        messages.add(reply(request, soa(2), NS));
                        String[] many = Collections.nCopies(100, B).toArray(String[]::new);
                        messages.addAll(Collections.nCopies(200, later(request, many)));
                        return messages;
                    }));
            assertRecovers(scene);
        }
    }

    /// Case 29: nothing comes any more, but the connection stays.
    @Test
    void aTransferThatStandsStillIsBroken() throws Exception {
        TransferLimits limits =
                new TransferLimits(1 << 20, 5_000, 1 << 20, 100, 1 << 20, 60_000, 300);
        SecondarySettings settings = new SecondarySettings(10, 4, limits, TimerLimits.DEFAULT);
        try (SecondaryScene scene =
                SecondaryScene.behind(new SecondaryScene(folder, settings, ReadRules.DEFAULT))) {
            assertKept(
                    scene,
                    "no message came for the idle time",
                    SecondaryScene.axfr(request -> List.of(reply(request, soa(2), NS))));
        }
    }

    /// xfr_udp (case 12): over UDP, a primary says no more than that TCP is needed.
    @Test
    void aPrimaryThatNeedsTcpIsAskedOverIt() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.script =
                    (request, _, stream) ->
                            stream ? null : List.of(reply(request, Header.AA | Header.TC, true));
            scene.primary.asked();
            assertEquals(Verdict.TAKEN, scene.notify(2));
            var _ = scene.serves(2, NS, GLUE, B);
            assertEquals(List.of("SOA", "SOA", "IXFR"), scene.primary.asked());
        }
    }

    /// xfr_cross_fail (case 24): what one primary began is not mixed with what another sends.
    @Test
    void halfATransferIsForgotten() throws Exception {
        try (SecondaryScene scene = new SecondaryScene(folder);
                LoopbackPrimary other = new LoopbackPrimary()) {
            scene.primary.serve(1, NS, GLUE, A);
            other.serve(1, NS, GLUE, A);
            scene.start(
                    List.of(
                            SecondaryScene.of("first", scene.primary, null),
                            SecondaryScene.of("second", other, null)));
            var _ = scene.serves(1, NS, GLUE, A);
            scene.primary.serve(2, NS, GLUE, A, B);
            other.serve(3, NS, GLUE, B);
            scene.primary.script =
                    (request, type, _) ->
                            type == RecordType.SOA
                                    ? null
                                    : List.of(reply(request, soa(2), NS, GLUE, A), new byte[0]);
            assertEquals("", scene.refresh(false).error());
            var _ = scene.serves(3, NS, GLUE, B);
        }
    }

    /// xfr_over_notify (case 64): a NOTIFY during a transfer is remembered once.
    @Test
    void notifyDuringATransferIsCheckedAfterIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            scene.primary.script =
                    (request, type, _) -> {
                        if (type != RecordType.IXFR || asked.getCount() == 0) {
                            return null;
                        }
                        asked.countDown();
                        try {
                            assertTrue(goOn.await(60, TimeUnit.SECONDS));
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException(e.getMessage());
                        }
                        return List.of(reply(request, soa(2), soa(1), A, soa(2), B, soa(2)));
                    };
            scene.primary.asked();
            assertEquals(Verdict.TAKEN, scene.notify(2));
            assertTrue(asked.await(60, TimeUnit.SECONDS));
            scene.primary.serve(3, NS, GLUE, A, B);
            for (int i = 0; i < 100; i++) {
                assertEquals(Verdict.TAKEN, scene.notify(3));
            }
            goOn.countDown();
            var _ = scene.serves(3, NS, GLUE, A, B);
            List<String> requests = scene.primary.asked();
            assertEquals(List.of("SOA", "IXFR", "SOA", "IXFR"), requests.subList(0, 4));
            assertTrue(requests.size() <= 6, requests::toString);
        }
    }

    /// Case 38: a zone that its ZONEMD record does not verify, by AXFR and by IXFR.
    @Test
    void case38AZoneThatItsDigestDoesNotVerifyIsNotTaken() throws Exception {
        ReadRules rules = ReadRules.DEFAULT.with(ZonemdPolicy.VERIFY);
        String digest = "example. ZONEMD 2 1 1 " + "0".repeat(96);
        try (SecondaryScene scene =
                SecondaryScene.behind(
                        new SecondaryScene(folder, SecondarySettings.usual(), rules))) {
            scene.primary.serve(2, NS, GLUE, B, digest);
            TransferStatus changed = scene.refresh(false);
            assertTrue(changed.error().contains("ZONEMD"), changed::error);
            assertBacksOff(changed);
            scene.stillServes(1, NS, GLUE, A);
            TransferStatus whole = scene.refresh(true);
            assertTrue(whole.error().contains("ZONEMD"), whole::error);
            scene.stillServes(1, NS, GLUE, A);
            scene.primary.serve(3, NS, GLUE, B);
            assertEquals("", scene.refresh(false).error());
            var _ = scene.serves(3, NS, GLUE, B);
        }
    }

    /// zone_expire: a primary that only sends rubbish lets the zone expire, and then a right answer
    /// of any serial brings it back.
    @Test
    void rubbishDoesNotKeepAZoneAlive() throws Exception {
        try (SecondaryScene scene = SecondaryScene.behind(folder)) {
            assertKept(
                    scene,
                    "in the middle",
                    SecondaryScene.axfr(HostileAnswer.CASE_27_ANOTHER_SOA_IN_THE_MIDDLE.messages));
            scene.goOn(86_401);
            var _ = scene.status(now -> now.state() == TransferStatus.State.EXPIRED);
            assertTrue(
                    Stream.of("has expired", "in the middle")
                            .allMatch(part -> scene.lines("has expired").getFirst().contains(part)),
                    scene.lines()::toString);
            scene.primary.script = (_, _, _) -> null;
            scene.primary.serve(0, NS, GLUE);
            assertEquals(Verdict.TAKEN, scene.notify(0));
            var _ = scene.serves(0, NS, GLUE);
            assertNull(scene.lines("internal error").stream().findFirst().orElse(null));
        }
    }
}
