package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.secondary.RunningSecondary;
import org.anycastdns.server.transfer.secondary.TransferStatus;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.PeerConfiguration;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Reply;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Seeded;
import org.anycastdns.testkit.Tools;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/// Random sequences of edits, sent to BIND as UPDATE and taken from it by IXFR: after each of them,
/// our answers are those of BIND, for the names that were edited, their neighbors and some others.
/// One of the zones is large enough for an overlay, and BIND signs two, with NSEC and NSEC3.
///
/// `-Danycastdns.edits.sequences=N` tries more.
class RandomEditsIT {

    private static final Seeded RUN = Seeded.of("edits", 20_261_204L, "sequences", 1_000);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int OTHER_NAMES = 6;

    @TempDir private Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private final Map<Name, Zone> served = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    private record Edited(String name, String origin, int hosts, String options) {

        Name apex() {
            return Name.of(origin);
        }
    }

    private static final String SIGNED =
            "dnssec-policy %s; key-directory \"%s\"; serial-update-method increment;";

    private List<Edited> zones() {
        return List.of(
                new Edited("large", "large.test.", OverlayLimits.USUAL.recordsMin(), ""),
                new Edited("small", "small.test.", 0, ""),
                new Edited("nsec", "nsec.test.", 0, SIGNED.formatted("default", folder)),
                new Edited("nsec3", "nsec3.test.", 0, SIGNED.formatted("hashed", folder)));
    }

    private Program bind(int port, List<Edited> zones, Map<String, RandomEdits> edits)
            throws IOException, InterruptedException {
        PeerConfiguration at =
                new PeerConfiguration(folder.toString(), "127.0.0.1", port, Map.of());
        StringBuilder text =
                new StringBuilder(
                        at.bind("minimal-responses no-auth; zero-no-soa-ttl no;", "")
                                + """
                                dnssec-policy "hashed" {
                                    keys { csk lifetime unlimited algorithm ecdsap256sha256; };
                                    nsec3param iterations 0 optout no salt-length 0;
                                };
                                """);
        for (Edited zone : zones) {
            Path file =
                    Files.writeString(
                            folder.resolve(zone.origin() + "zone"),
                            Objects.requireNonNull(edits.get(zone.origin())).zone());
            text.append(
                    """
                    zone "%s" {
                        type primary; file "%s"; check-names ignore; check-integrity no;
                        allow-update { any; }; %s
                    };
                    """
                            .formatted(zone.origin(), file, zone.options()));
        }
        Path file = Files.writeString(folder.resolve("named.conf"), text);
        Program program =
                Program.start(
                        List.of(Tools.require("named"), "-g", "-n", "1", "-c", file.toString()));
        try {
            program.awaitLine("all zones loaded", LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return program;
    }

    @Test
    void afterEachEditOurAnswersAreThoseOfBind() throws Exception {
        List<Edited> zones = zones();
        SplittableRandom random = RUN.random();
        Map<String, RandomEdits> edits = new HashMap<>();
        for (Edited zone : zones) {
            org.xbill.DNS.Name apex = org.xbill.DNS.Name.fromString(zone.origin());
            edits.put(zone.origin(), new RandomEdits(apex, zone.hosts(), random.nextLong()));
        }
        int port = Repository.freePort();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Map<Name, List<Primary>> primaries = new HashMap<>();
        zones.forEach(
                zone -> primaries.put(zone.apex(), List.of(new Primary("bind", address, null))));
        try (Program bind = bind(port, zones, edits)) {
            awaitSigned(port, zones);
            try (RunningSecondary ours =
                    RunningSecondary.start(folder, primaries, List.of(), published, () -> 0)) {
                for (int i = 0; i < RUN.count(); i++) {
                    Edited zone = zones.get(i % zones.size());
                    String where =
                            "seed %d, sequence %d, zone %s".formatted(RUN.seed(), i, zone.name());
                    RandomEdits of = Objects.requireNonNull(edits.get(zone.origin()));
                    byte[] update = of.next().toWire(65_535);
                    String rcode = Reply.of(UdpClient.ask(port, List.of(update))[0]).status();
                    count(zone.name() + " " + rcode);
                    follow(ours, port, zone, where);
                    compare(port, zone, of.questions(OTHER_NAMES), where);
                }
                Map<String, Long> transfers = ours.zones().counters().transfers();
                System.out.printf("%d sequences: %s, %s%n", RUN.count(), counts, transfers);
                // Whole zones come at the beginning, and if the changes are larger than the zone.
                long whole = Objects.requireNonNull(transfers.get("axfr"));
                assertTrue(whole < zones.size() + RUN.count() / 10, transfers::toString);
                assertNotNull(
                        Objects.requireNonNull(served.get(zones.getFirst().apex())).overlay());
                assertTrue(bind.alive());
            }
        }
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void awaitSigned(int port, List<Edited> zones) throws InterruptedException {
        for (Edited zone : zones) {
            if (!zone.options().isEmpty()) {
                byte[] denied = Question.of("no-such." + zone.origin(), "A", 1_232, true).toWire();
                var _ =
                        Eventually.seen(
                                zone.origin() + " signed",
                                LIMIT,
                                () -> Reply.of(UdpClient.ask(port, List.of(denied))[0]),
                                reply ->
                                        reply.authority().stream()
                                                .anyMatch(each ->
                                                        each.contains(" " + zone.name() + " ")));
            }
        }
    }

    private static int serial(int port, Edited zone) throws IOException {
        byte[] query = Question.of(zone.origin(), "SOA", 1_232, false).toWire();
        Message answer = new Message(UdpClient.ask(port, List.of(query))[0]);
        return (int) ((SOARecord) answer.getSection(Section.ANSWER).getFirst()).getSerial();
    }

    /// Takes what BIND has, and waits until it is in service.
    private void follow(RunningSecondary ours, int port, Edited zone, String where)
            throws Exception {
        int serial = serial(port, zone);
        TransferStatus status =
                Objects.requireNonNull(ours.zones().refresh(zone.apex(), false))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals("", status.error(), where);
        while (!served.containsKey(zone.apex())
                || Objects.requireNonNull(served.get(zone.apex())).serial() != serial) {
            ZonesStatus next = published.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(next, () -> where + ", not published: " + serial + ", " + status);
            for (ZoneState state : next.zones()) {
                Zone published = state.zone();
                if (published != null && state.available()) {
                    served.put(state.apex(), published);
                }
            }
        }
    }

    private void compare(int port, Edited zone, List<Question> questions, String where)
            throws IOException {
        List<byte[]> queries = new ArrayList<>();
        questions.forEach(each -> queries.add(each.toWire()));
        byte[][] ours =
                Ours.answer(List.of(Objects.requireNonNull(served.get(zone.apex()))), queries);
        byte[][] theirs = UdpClient.ask(port, queries);
        for (int i = 0; i < ours.length; i++) {
            Question question = questions.get(i);
            Reply our = Reply.of(ours[i]);
            Reply their = Reply.of(theirs[i]);
            count("answers");
            if (!our.agrees(their)) {
                Difference reason =
                        Difference.explain(
                                "BIND",
                                question.name().toString(),
                                question.type(),
                                question.ednsSize(),
                                our,
                                their);
                assertNotNull(
                        reason,
                        () -> where + ", " + question + "\n ours " + our + "\n BIND " + their);
                count("difference " + reason);
            }
        }
    }
}
