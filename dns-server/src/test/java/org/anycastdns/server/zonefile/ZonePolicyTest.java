package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.ZonePolicy;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Records that contradict each other, as `docs/reference/zone-policy.md` has them.
class ZonePolicyTest {

    private static final int MESSAGE_OCTETS_MAX = 65_535;
    private static final String HEAD =
            """
            $TTL 300
            @ SOA ns1 hostmaster 1 3600 600 86400 300
            @ NS ns1
            ns1 A 192.0.2.1
            """;
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());
    private static final List<String> TYPES =
            List.of(
                    "A AAAA NS CNAME SOA MX TXT DNAME DS SRV NSEC NSEC3 NSEC3PARAM RRSIG KEY DNSKEY ANY TYPE65280"
                            .split(" "));

    private static ZoneFile read(String text, ZonePolicy policy) {
        return ZoneFile.read(
                Texts.ORIGIN,
                "t.zone",
                Texts.source(Map.of("t.zone", text)),
                ReadRules.DEFAULT.with(policy),
                ParallelRunner.ALONE);
    }

    @TestFactory
    Stream<DynamicTest> everyRowOfTheDocumentHolds() {
        return PolicyTable.rows().stream()
                .map(row ->
                        DynamicTest.dynamicTest(
                                row.name(),
                                () -> {
                                    String expected =
                                            "strict %s, lenient %s"
                                                    .formatted(row.strict(), row.lenient());
                                    ZoneFile strict = read(row.text(), ZonePolicy.STRICT);
                                    ZoneFile lenient = read(row.text(), ZonePolicy.LENIENT);
                                    assertEquals(
                                            expected,
                                            "strict %s, lenient %s"
                                                    .formatted(worst(strict), worst(lenient)),
                                            Texts.problems(strict));
                                }));
    }

    @Test
    void whatTwoServersRefuseIsAnError() {
        List<PolicyTable.Row> rows = PolicyTable.rows();
        assertTrue(rows.size() > 100, "rows: " + rows.size());
        // RFC 4035 section 2.5 allows KEY; NSD and Knot do not know that.
        Set<String> excepted = Set.of("CNAME and KEY");
        for (PolicyTable.Row row : rows) {
            long refusals =
                    Stream.of(row.bind(), row.nsd(), row.knot()).filter("refuses"::equals).count();
            if (refusals >= 2 && !excepted.contains(row.name())) {
                assertEquals("error", row.strict(), row.name());
            }
        }
    }

    private static String worst(ZoneFile file) {
        if (file.hasErrors()) {
            return "error";
        }
        return file.problems().isEmpty() ? "-" : "warning";
    }

    /// Whatever is served is answered sanely, for every owner, names near it, and every type.
    @TestFactory
    Stream<DynamicTest> everyRowThatIsServedIsAnswered() {
        return PolicyTable.rows().stream()
                .filter(row -> !row.lenient().equals("error"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> answered(row.text())));
    }

    private static void answered(String text) throws IOException {
        ZoneFile file = read(text, ZonePolicy.LENIENT);
        Set<Name> names = new LinkedHashSet<>();
        for (ResourceRecord record : file.records()) {
            names.add(record.owner());
            names.add(Name.of("no", record.owner()));
            names.add(Name.of("a", Name.of("no", record.owner())));
        }
        Responder responder =
                new Responder(
                        new ServedZones(new ZoneSet(List.of(file.zone(2)))),
                        new Identity("test", "0"),
                        SECRETS);
        for (Name name : names) {
            if (!name.isAtOrBelow(Texts.ORIGIN)) {
                continue;
            }
            for (String type : TYPES) {
                Message reply = ask(responder, name, Type.value(type));
                sane(reply, name + " " + type + "\n" + text);
            }
        }
    }

    private static void sane(Message reply, String about) {
        int rcode = reply.getRcode();
        assertTrue(
                rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN || rcode == Rcode.YXDOMAIN,
                () -> reply + "\n" + about);
        Map<org.xbill.DNS.Name, Integer> aliases = new HashMap<>();
        for (Record record : reply.getSection(Section.ANSWER)) {
            if (record.getType() == Type.CNAME) {
                assertEquals(
                        1, aliases.merge(record.getName(), 1, Integer::sum), () -> reply + about);
            }
        }
    }

    private static Message ask(Responder responder, Name name, int type) throws IOException {
        Record question = Record.newRecord(new org.xbill.DNS.Name(name.wire()), type, DClass.IN);
        byte[] query = Message.newQuery(question).toWire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(query.length);
            MemorySegment.copy(query, 0, request, ValueLayout.JAVA_BYTE, 0, query.length);
            MemorySegment response = arena.allocate(MESSAGE_OCTETS_MAX);
            int length = responder.respond(request, query.length, response, new Client().tcp(100));
            return new Message(response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static List<Record> answer(ZoneFile file, String name, int type) throws IOException {
        Responder responder =
                new Responder(
                        new ServedZones(new ZoneSet(List.of(file.zone(2)))),
                        new Identity("test", "0"),
                        SECRETS);
        return ask(responder, Name.of(name), type).getSection(Section.ANSWER);
    }

    @Test
    void aRecordInAnotherSpellingIsTheSameRecordAndTheFirstSpellingStays() throws IOException {
        for (String data :
                List.of(
                        "CNAME Mail",
                        "NS Mail",
                        "MX 10 Mail",
                        "PTR Mail",
                        "SRV 0 0 1 Mail",
                        "DNAME Mail",
                        "RP Mail Text",
                        "KX 1 Mail",
                        "AFSDB 1 Mail",
                        "RT 1 Mail",
                        "PX 1 Mail Mail",
                        "MINFO Mail Mail",
                        "NAPTR 1 1 \"u\" \"x\" \"!a!b!\" Mail")) {
            String other = data.replace("Mail", "mAIL");
            ZoneFile file = read(HEAD + "a " + data + "\na 60 " + other + "\n", ZonePolicy.STRICT);
            assertTrue(
                    Texts.problems(file)
                            .contains(
                                    "t.zone:6:1: warning: this record is already there, at"
                                            + " t.zone:5:1"),
                    Texts.problems(file));
            if (!data.startsWith("NS")) {
                List<Record> answer =
                        answer(file, "a.example.com.", Type.value(data.split(" ")[0]));
                assertEquals(1, answer.size(), answer.toString());
                assertEquals(60, answer.getFirst().getTTL());
                assertTrue(answer.getFirst().toString().contains("Mail.example.com."), data);
            }
        }
    }

    @Test
    void dataThatIsNoNameKeepsItsCase() throws IOException {
        ZoneFile file = read(HEAD + "a TXT Mail\na TXT mail\n", ZonePolicy.STRICT);
        assertEquals("", Texts.problems(file));
        assertEquals(2, answer(file, "a.example.com.", Type.TXT).size());
    }

    @Test
    void theSoaAtBothEndsIsOneRecordAndTwoDifferentOnesAreAnError() throws IOException {
        String soa = "@ SOA NS1 hostmaster 1 3600 600 86400 300\n";
        ZoneFile twice = read(HEAD + soa, ZonePolicy.STRICT);
        assertEquals(
                "t.zone:5:1: warning: this record is already there, at t.zone:2:1",
                Texts.problems(twice));
        assertEquals(1, answer(twice, "example.com.", Type.SOA).size());
        ZoneFile two = read(HEAD + soa.replace(" 1 ", " 2 "), ZonePolicy.LENIENT);
        assertEquals(
                "t.zone:5:1: error: example.com. has a second SOA record: the first one is at"
                        + " t.zone:2:1",
                Texts.problems(two));
    }

    @Test
    void lenientServesTheFirstOfTwoAliases() throws IOException {
        ZoneFile file =
                read(
                        HEAD + "a CNAME ns1\na CNAME ns2\na CNAME ns2\nb A 192.0.2.2\n",
                        ZonePolicy.LENIENT);
        List<Record> answer = answer(file, "a.example.com.", Type.CNAME);
        assertEquals(1, answer.size());
        assertTrue(answer.getFirst().toString().endsWith("ns1.example.com."), answer.toString());
    }

    @Test
    void nsec3AtTheZonesNameIsAnErrorWithItsPlace() {
        String nsec3 = "@ NSEC3 1 0 0 - 0123456789abcdefghijklmnopqrstuv A\n";
        for (ZonePolicy policy : ZonePolicy.values()) {
            assertEquals(
                    "t.zone:5:1: error: NSEC3 belongs at a hash below the zone's name, not at"
                            + " example.com. itself (RFC 5155 section 3)",
                    Texts.problems(read(HEAD + nsec3, policy)));
        }
    }

    /// More warnings than are shown must not hide an error, nor let records of the zone be lost.
    @Test
    void anErrorBehindManyWarningsIsFound() {
        StringBuilder text = new StringBuilder(HEAD);
        for (int i = 0; i < 2 * Problems.PROBLEMS_MAX; i++) {
            text.append("n%d A 192.0.2.1\nn%d A 192.0.2.1\n".formatted(i, i));
        }
        assertEquals("warning", worst(read(text.toString(), ZonePolicy.STRICT)));
        text.append("last CNAME ns1\nlast A 192.0.2.1\n");
        ZoneFile file = read(text.toString(), ZonePolicy.STRICT);
        assertEquals("error", worst(file));
        Problem error = file.problems().stream().filter(Problem::isError).findFirst().orElse(null);
        assertNotNull(error);
        assertEquals(4 * Problems.PROBLEMS_MAX + 6, error.line());
    }
}
