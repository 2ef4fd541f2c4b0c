package org.anycastdns.server.transfer.out;

import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.anycastdns.server.transfer.out.OutgoingSamples.answers;
import static org.anycastdns.server.transfer.out.OutgoingSamples.axfr;
import static org.anycastdns.server.transfer.out.OutgoingSamples.hosts;
import static org.anycastdns.server.transfer.out.OutgoingSamples.ixfr;
import static org.anycastdns.server.transfer.out.OutgoingSamples.messages;
import static org.anycastdns.server.transfer.out.OutgoingSamples.next;
import static org.anycastdns.server.transfer.out.OutgoingSamples.octets;
import static org.anycastdns.server.transfer.out.OutgoingSamples.plus;
import static org.anycastdns.server.transfer.out.OutgoingSamples.query;
import static org.anycastdns.server.transfer.out.OutgoingSamples.whole;
import static org.anycastdns.server.transfer.out.OutgoingSamples.zone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.out.OutgoingTransfer.Kind;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import org.xbill.DNS.Type;

/// What a client gets that may have a zone (cases 43 to 52, 56, 57), with dnsjava as the client.
class OutgoingTransferTest {

    private static final OptionalLong EXPIRE = OptionalLong.of(86_400);
    private static final int UDP_OCTETS = 512;

    private static OutgoingTransfer tcp(Message request, ProvidedZone zone) {
        return tcp(request, zone, null);
    }

    private static OutgoingTransfer tcp(
            Message request, ProvidedZone zone, @Nullable TsigSigner signer) {
        return OutgoingTransfer.overTcp(query(request), zone, EXPIRE, 100, signer);
    }

    private static void assertUdp(
            Kind kind, List<String> expected, Message request, ProvidedZone zone) {
        OutgoingTransfer.Datagram datagram =
                OutgoingTransfer.overUdp(query(request), zone, EXPIRE, UDP_OCTETS);
        assertEquals(kind, datagram.kind());
        assertTrue(datagram.message().length <= UDP_OCTETS);
        assertEquals(expected, answers(List.of(OutgoingSamples.message(datagram.message()))));
    }

    @Test
    void case43AClientWithThisVersionOrANewerOneGetsOneSoaRecord() {
        ProvidedZone zone = zone(7, hosts(3));
        for (long serial : new long[] {7, 8, 7 + 0x7fff_ffffL}) {
            OutgoingTransfer transfer = tcp(ixfr(serial), zone);
            assertEquals(Kind.SOA, transfer.kind());
            assertEquals(List.of(soa(7)), answers(messages(transfer)));
            assertUdp(Kind.SOA, List.of(soa(7)), ixfr(serial), zone);
        }
    }

    @Test
    void case44AnIxfrWithoutTheSoaRecordOfTheZoneIsMalformed() {
        Message none = Message.newQuery(OutgoingSamples.question(Type.IXFR));
        assertNull(TransferQuery.of(none.toWire()));
        Message other = none.clone();
        other.addRecord(
                OutgoingSamples.record("other. SOA ns. admin. 1 2 3 4 5"), Section.AUTHORITY);
        assertNull(TransferQuery.of(other.toWire()));
        Message two = ixfr(1);
        two.addRecord(OutgoingSamples.record(soa(2)), Section.AUTHORITY);
        assertNull(TransferQuery.of(two.toWire()));
        byte[] cut = ixfr(1).toWire();
        assertNull(TransferQuery.of(java.util.Arrays.copyOf(cut, cut.length - 3)));
        assertNotNull(TransferQuery.of(axfr().toWire()));
    }

    @Test
    void case45WithoutHistoryTheWholeZoneAnswersIxfr() {
        OutgoingTransfer transfer = tcp(ixfr(5), zone(7, hosts(3)));
        assertEquals(Kind.IXFR_WHOLE, transfer.kind());
        List<Message> messages = messages(transfer);
        assertEquals(Type.IXFR, messages.getFirst().getQuestion().getType());
        assertEquals(whole(7, hosts(3)), answers(messages));
    }

    @Test
    void changesAreSentStepByStep() {
        List<String> hosts = hosts(30);
        ProvidedZone zone = zone(1, hosts);
        zone = next(zone, 2, plus(hosts, "new.example. A 192.0.2.1"));
        zone = next(zone, 3, hosts.subList(1, 30));
        OutgoingTransfer transfer = tcp(ixfr(1), zone);
        assertEquals(Kind.IXFR, transfer.kind());
        assertEquals(
                List.of(
                        soa(3),
                        soa(1),
                        soa(2),
                        "new.example. A 192.0.2.1",
                        soa(2),
                        "new.example. A 192.0.2.1",
                        hosts.getFirst(),
                        soa(3),
                        soa(3)),
                sorted(answers(messages(transfer))));
    }

    /// The order of deletes is that of the zone before; hosts come first there.
    private static List<String> sorted(List<String> answers) {
        List<String> list = new ArrayList<>(answers);
        if (list.get(5).startsWith("host0.")) {
            java.util.Collections.swap(list, 5, 6);
        }
        return list;
    }

    @Test
    void case46OverUdpChangesThatFitAreSentElseOneSoaRecord() {
        List<String> hosts = hosts(100);
        ProvidedZone zone = next(zone(1, hosts), 2, plus(hosts, "new.example. A 192.0.2.1"));
        assertUdp(
                Kind.IXFR,
                List.of(soa(2), soa(1), soa(2), "new.example. A 192.0.2.1", soa(2)),
                ixfr(1),
                zone);
        ProvidedZone more = next(zone, 3, hosts(30));
        assertUdp(Kind.SOA, List.of(soa(3)), ixfr(1), more);
        assertUdp(Kind.SOA, List.of(soa(3)), ixfr(0), more);
        assertUdp(Kind.IXFR_WHOLE, whole(7, hosts(2)), ixfr(1), zone(7, hosts(2)));
    }

    @Test
    void case47AHistoryThatIsLongerThanTheZoneIsCondensedOrNotUsed() {
        List<String> hosts = hosts(10);
        ProvidedZone zone = zone(1, hosts);
        for (int serial = 2; serial < 20; serial++) {
            zone = next(zone, serial, plus(hosts, "a.example. A 192.0.2." + serial));
        }
        assertEquals(18, zone.history().size());
        OutgoingTransfer condensed = tcp(ixfr(1), zone);
        assertEquals(Kind.IXFR, condensed.kind());
        assertEquals(
                List.of(soa(19), soa(1), soa(19), "a.example. A 192.0.2.19", soa(19)),
                answers(messages(condensed)));
        ProvidedZone changed = next(zone, 20, List.of("b.example. A 192.0.2.1"));
        assertEquals(Kind.IXFR_WHOLE, tcp(ixfr(1), changed).kind());
    }

    @Test
    void case49TheStreamEndsWithTheVersionThatItBeganWith() {
        List<String> hosts = hosts(2_000);
        ProvidedZone zone = zone(1, hosts);
        OutgoingTransfer transfer = tcp(axfr(), zone);
        List<Message> messages = new ArrayList<>();
        byte[] first = Objects.requireNonNull(transfer.messages().next(OutgoingSamples.NOW));
        messages.add(OutgoingSamples.message(first));
        ProvidedZone changed = next(zone, 2, hosts(3));
        assertEquals(2, changed.soa().serial());
        messages.addAll(messages(transfer));
        assertEquals(whole(1, hosts), answers(messages));
    }

    @Test
    void case50MessagesAreFilledAndOnlyTheFirstHasTheQuestion() {
        OutgoingTransfer transfer = tcp(axfr(), zone(1, hosts(5_000)));
        List<byte[]> octets = octets(transfer);
        List<Message> messages = octets.stream().map(OutgoingSamples::message).toList();
        assertTrue(messages.size() > 3);
        assertEquals(whole(1, hosts(5_000)), answers(messages));
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            assertTrue(message.getHeader().getFlag(Flags.AA));
            assertEquals(Rcode.NOERROR, message.getRcode());
            assertEquals(i == 0 ? 1 : 0, message.getSection(Section.QUESTION).size());
            int length = octets.get(i).length;
            assertTrue(length <= 16_384 && (i == octets.size() - 1 || length > 16_000), "" + i);
        }
        assertEquals(
                octets.stream().mapToLong(each -> each.length).sum(), transfer.messages().octets());
        assertEquals(5_003, transfer.messages().records());
        assertEquals(messages.size(), transfer.messages().messages());
    }

    @Test
    void case51NamesKeepTheirSpellingAndAreCompressed() {
        Records records = OutgoingSamples.records(1, List.of());
        for (String name : List.of("Mail.EXAMPLE.", "mail.example.", "x.MAIL.example.")) {
            byte[] wire = Name.of(name).wire();
            records.add(new ResourceRecord(Name.of(name), RecordType.PTR, 300, wire), 0);
        }
        ProvidedZone zone =
                ProvidedZone.first(CannedPrimary.ZONE, CannedPrimary.soaRecord(1), records);
        assertEquals(
                List.of(
                        "Mail.EXAMPLE. PTR Mail.EXAMPLE.",
                        "mail.example. PTR mail.example.",
                        "x.MAIL.example. PTR x.MAIL.example."),
                answers(messages(tcp(axfr(), zone))).subList(2, 5));
        List<String> hosts = hosts(400);
        int plain = hosts.stream().mapToInt(text -> text.indexOf(' ') + 1 + 14).sum();
        assertTrue(octets(tcp(axfr(), zone(1, hosts))).getFirst().length < 0.85 * plain);
    }

    private static String blob(int octets) {
        return "big.example. TYPE65280 \\# %d %s".formatted(octets, "00".repeat(octets));
    }

    @Test
    void case52ALongRecordHasAMessageOfItsOwnAndOneThatFitsNowhereEndsTheTransfer() {
        List<String> hosts = hosts(10);
        List<Message> messages = messages(tcp(axfr(), zone(1, plus(hosts, blob(40_000)))));
        assertEquals(3, messages.size());
        assertEquals(14, answers(messages).size());
        OutgoingTransfer transfer = tcp(axfr(), zone(1, plus(hosts, blob(65_530))));
        List<Message> failed = messages(transfer);
        assertEquals(2, failed.size());
        assertEquals(Rcode.SERVFAIL, failed.getLast().getRcode());
        assertTrue(transfer.messages().failure().contains("big.example. TYPE65280"));
    }

    @Test
    void case56EachMessageHasOneOptAndTheFirstTellsTheIdleTimeout() throws Exception {
        Message request = axfr();
        request.addRecord(
                new OPTRecord(1_232, 0, 0, 0x8000, List.of(new TcpKeepaliveOption())),
                Section.ADDITIONAL);
        List<Message> messages = messages(tcp(request, zone(1, hosts(3_000))));
        for (int i = 0; i < messages.size(); i++) {
            assertEquals(1, messages.get(i).getSection(Section.ADDITIONAL).size());
            OPTRecord opt = messages.get(i).getOPT();
            assertEquals(0x8000, opt.getFlags());
            assertEquals(
                    i == 0 ? "PT10S" : "none",
                    opt.getOptions(EDNSOption.Code.TCP_KEEPALIVE).stream()
                            .map(each -> ((TcpKeepaliveOption) each).getTimeoutDuration())
                            .map(each -> each.orElseThrow().toString())
                            .findFirst()
                            .orElse("none"));
        }
        for (Message message : messages(tcp(axfr(), zone(1, hosts(3))))) {
            assertNull(message.getOPT());
        }
    }

    @Test
    void case57ExpireIsToldToWhoAsks() throws Exception {
        Message request = ixfr(1);
        request.addRecord(
                new OPTRecord(
                        1_232,
                        0,
                        0,
                        0,
                        List.of(new GenericEDNSOption(EDNSOption.Code.EDNS_EXPIRE, new byte[0]))),
                Section.ADDITIONAL);
        assertEquals(86_400, expire(octets(tcp(request, zone(1, hosts(3)))).getFirst()));
        OutgoingTransfer.Datagram datagram =
                OutgoingTransfer.overUdp(
                        query(request), zone(1, hosts(3)), OptionalLong.of(7), UDP_OCTETS);
        assertEquals(7, expire(datagram.message()));
    }

    private static int expire(byte[] message) {
        byte[] content = CannedPrimary.parsed(message).option(Edns.EXPIRE);
        return ByteBuffer.wrap(Objects.requireNonNull(content)).getInt();
    }

    @Test
    void case75EveryMessageIsSigned() {
        byte[] request = axfr().toWire();
        TsigSigner client = TsigSigner.request(OutgoingSamples.KEY);
        byte[] signed = client.sign(request, request.length, OutgoingSamples.NOW);
        TsigVerdict verdict =
                TsigRequests.check(
                        new TsigKeys(List.of(OutgoingSamples.KEY)),
                        signed,
                        signed.length,
                        OutgoingSamples.NOW);
        TsigSigner signer = ((TsigVerdict.Verified) verdict).reply();
        TsigStream stream = new TsigStream(OutgoingSamples.KEY, client.mac());
        List<byte[]> octets =
                octets(tcp(OutgoingSamples.message(signed), zone(1, hosts(3_000)), signer));
        assertTrue(octets.size() > 2);
        for (byte[] message : octets) {
            assertNull(stream.check(message, message.length, OutgoingSamples.NOW));
            assertTrue(stream.isComplete());
            assertTrue(message.length <= 16_384);
        }
    }
}
