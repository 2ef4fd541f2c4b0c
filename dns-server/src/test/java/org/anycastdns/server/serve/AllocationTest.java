package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.ZoneChange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import org.xbill.DNS.Type;

/// Answering allocates nothing, whatever the class of the response.
class AllocationTest {

    private static final int CALLS = 20_000;

    /// The compiler may allocate on our behalf while it replaces code; one clean round is proof.
    private static final int ROUNDS_MAX = 20;

    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment response = Arena.ofAuto().allocate(65_535);
    private final Responder responder = SampleZone.responder();
    private final Client[] clients = {
        new Client().tcp(100).ipv6(0x20010db8_00000000L, 1).at(1_000_000),
        new Client().udp().ipv4(0xc0000201).at(1_000_000)
    };
    private int asked;

    private record Case(String name, String owner, int type, int recordClass, int rcode) {}

    private static final int ZONEVERSION = 19;

    /// A third of them is unsigned, a third has NSEC, a third NSEC3.
    private static final int RANDOM_ZONES = 12;

    private enum Extension {
        NONE,
        EDNS,
        NSID,
        /// Every option that this server answers.
        ALL
    }

    private static final List<Case> CASES =
            List.of(
                    new Case("positive", "www.example.", Type.A, DClass.IN, Rcode.NOERROR),
                    new Case("additional", "example.", Type.MX, DClass.IN, Rcode.NOERROR),
                    new Case("SOA", "example.", Type.SOA, DClass.IN, Rcode.NOERROR),
                    new Case("NODATA", "www.example.", Type.AAAA, DClass.IN, Rcode.NOERROR),
                    new Case("NXDOMAIN", "no.such.example.", Type.A, DClass.IN, Rcode.NXDOMAIN),
                    new Case("referral", "host.sub.example.", Type.A, DClass.IN, Rcode.NOERROR),
                    new Case("wildcard", "a.b.wild.example.", Type.TXT, DClass.IN, Rcode.NOERROR),
                    new Case("CNAME chain", "alias.example.", Type.A, DClass.IN, Rcode.NOERROR),
                    new Case("CNAME loop", "loop.example.", Type.A, DClass.IN, Rcode.NOERROR),
                    new Case("DNAME", "www.tree.example.", Type.A, DClass.IN, Rcode.NOERROR),
                    new Case("REFUSED", "elsewhere.test.", Type.A, DClass.IN, Rcode.REFUSED),
                    new Case("SERVFAIL", "www.broken.", Type.A, DClass.IN, Rcode.SERVFAIL),
                    new Case("FORMERR", "www.example.", Type.OPT, DClass.IN, Rcode.FORMERR),
                    new Case("CHAOS", "id.server.", Type.TXT, DClass.CH, Rcode.NOERROR),
                    new Case("truncated", "large.example.", Type.TXT, DClass.IN, Rcode.NOERROR));

    @TestFactory
    List<DynamicTest> aResponseAllocatesNothing() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Case each : CASES) {
            for (Extension extension : Extension.values()) {
                tests.add(
                        DynamicTest.dynamicTest(
                                each.name + " " + extension,
                                () -> allocatesNothing(query(each, extension, 0), each.rcode)));
            }
        }
        Case positive = CASES.get(0);
        tests.add(
                DynamicTest.dynamicTest(
                        "BADVERS",
                        () -> allocatesNothing(query(positive, Extension.EDNS, 1), Rcode.BADVERS)));
        return tests;
    }

    /// Random zones, unsigned and with either kind of proof, yield what no list here names.
    @TestFactory
    List<DynamicTest> noResponseOfARandomZoneAllocates() {
        List<DynamicTest> tests = new ArrayList<>();
        for (long seed = 0; seed < RANDOM_ZONES; seed++) {
            RandomZone zone = new RandomZone(org.anycastdns.server.wire.Name.of("example."), seed);
            ServedZones zones = new ServedZones(new ZoneSet(List.of(zone.build())));
            Responder random = new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
            List<byte[]> queries = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String name = zone.question().toString();
                Case asked = new Case("", name, zone.type(), DClass.IN, Rcode.NOERROR);
                queries.add(query(asked, Extension.EDNS, 0));
            }
            tests.add(
                    DynamicTest.dynamicTest(
                            "seed " + seed, () -> allocatesNothing(random, queries)));
        }
        return tests;
    }

    /// Zones with an overlay: a lookup asks it for every node that it comes to.
    @TestFactory
    List<DynamicTest> noResponseOfAChangedZoneAllocates() throws DivergedException {
        List<DynamicTest> tests = new ArrayList<>();
        ChangingZones changes =
                new ChangingZones(
                        new ChangingZones.OverlayLimits(0, 0, 1 << 19),
                        ParallelRunner.ALONE,
                        ImageMemory::collected);
        for (long seed = 0; seed < RANDOM_ZONES; seed++) {
            var apex = org.anycastdns.server.wire.Name.of("example.");
            ChangingModel model = new ChangingModel(apex, true, seed);
            Records records = new Records();
            model.records().forEach(record -> records.add(record, 0));
            ChangingZone zone = changes.build(records, apex, 2);
            for (int step = 0; step < 100 && zone.overlaidNames() < 8; step++) {
                ZoneChange change = ZoneChange.of(zone, List.of(model.step()));
                zone = changes.apply(zone, change).zone();
            }
            assertTrue(zone.overlaidNames() >= 8, "seed " + seed + " has no overlay");
            ServedZones zones = new ServedZones(new ZoneSet(List.of(zone.zone())));
            Responder random = new Responder(zones, SampleZone.IDENTITY, SampleZone.SECRETS);
            List<byte[]> queries = new ArrayList<>();
            for (org.anycastdns.server.wire.Name name : model.questions()) {
                Case asked = new Case("", name.toString(), model.type(), DClass.IN, 0);
                queries.add(query(asked, Extension.EDNS, 0));
            }
            tests.add(
                    DynamicTest.dynamicTest(
                            "seed " + seed, () -> allocatesNothing(random, queries)));
        }
        return tests;
    }

    private void allocatesNothing(Responder random, List<byte[]> queries) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS_MAX && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                byte[] query = queries.get(i % queries.size());
                MemorySegment.copy(query, 0, request, ValueLayout.JAVA_BYTE, 0, query.length);
                var _ = random.respond(request, query.length, response, client());
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "octets for " + CALLS + " responses");
    }

    private static byte[] query(Case of, Extension extension, int version) {
        Message message = new Message(1);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(
                Record.newRecord(Name.fromConstantString(of.owner), of.type, of.recordClass),
                Section.QUESTION);
        if (extension != Extension.NONE) {
            List<EDNSOption> options = options(extension);
            message.addRecord(
                    new OPTRecord(1_232, 0, version, 0x8000, options), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    private static List<EDNSOption> options(Extension extension) {
        return switch (extension) {
            case NONE, EDNS -> List.of();
            case NSID -> List.of(new NSIDOption(new byte[0]));
            case ALL ->
                    List.of(
                            new NSIDOption(new byte[0]),
                            new CookieOption(new byte[8], new byte[16]),
                            new GenericEDNSOption(EDNSOption.Code.EDNS_EXPIRE, new byte[0]),
                            new TcpKeepaliveOption(),
                            new GenericEDNSOption(ZONEVERSION, new byte[0]));
        };
    }

    private void allocatesNothing(byte[] query, int rcode) throws java.io.IOException {
        MemorySegment.copy(query, 0, request, ValueLayout.JAVA_BYTE, 0, query.length);
        int length = respond(query.length);
        byte[] octets = response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        assertEquals(rcode, new Message(octets).getRcode(), "not the response that is meant");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemoryEnabled());
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS_MAX && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                respond(query.length);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "octets for " + CALLS + " responses");
    }

    private int respond(int length) {
        return responder.respond(request, length, response, client());
    }

    /// By TCP and by UDP in turn.
    private Client client() {
        return clients[asked++ % clients.length];
    }
}
