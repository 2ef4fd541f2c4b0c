package org.anycastdns.server.transfer;

import static org.anycastdns.server.transfer.CannedPrimary.error;
import static org.anycastdns.server.transfer.CannedPrimary.later;
import static org.anycastdns.server.transfer.CannedPrimary.reply;
import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.anycastdns.server.transfer.CannedPrimary.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.junit.jupiter.api.Test;

/// What a secondary asks and what it makes of the answers. The case numbers are those of the
/// specification of transfers.
class RequesterTest {

    private static final String NS = "example. NS ns.example.";
    private static final String A = "a.example. A 192.0.2.1";
    private static final String B = "b.example. A 192.0.2.2";
    private static final String C = "c.example. A 192.0.2.3";

    private static Dialog refresh(long serial) {
        return Dialog.of(Dialog.request(serial, true, null, TransferLimits.DEFAULT));
    }

    private static void assertContains(String part, String text) {
        assertTrue(text.contains(part), text);
    }

    @Test
    void case8SerialsHalfTheCircleApartGiveNoTransfer() {
        Dialog dialog = refresh(1);
        dialog.datagram(reply(dialog.sent(), soa(1L + (1L << 31))));
        assertContains("2^31", dialog.failure(TransferFailure.SERIAL));
    }

    @Test
    void case9APrimaryBehindUsIsTold() {
        Dialog dialog = refresh(7);
        dialog.datagram(reply(dialog.sent(), soa(6)));
        assertEquals(new TransferResult.Behind(6), dialog.result());
    }

    @Test
    void case12OnlyAProperSoaReplyCounts() {
        Dialog lame = refresh(1);
        lame.datagram(reply(lame.sent(), 0, true, soa(2)));
        assertContains("not authoritative", lame.failure(TransferFailure.REFUSED));
        Dialog two = refresh(1);
        two.datagram(reply(two.sent(), soa(2), soa(3)));
        two.failure(TransferFailure.PROTOCOL);
        Dialog none = refresh(1);
        none.datagram(reply(none.sent(), NS));
        none.failure(TransferFailure.PROTOCOL);
        Dialog other = refresh(1);
        other.datagram(reply(other.sent(), soa(2).replaceFirst("example", "test")));
        other.failure(TransferFailure.PROTOCOL);
        Dialog refused = refresh(1);
        refused.datagram(error(refused.sent(), Rcode.REFUSED));
        assertContains("REFUSED", refused.failure(TransferFailure.REFUSED));
    }

    @Test
    void case12ForgedDatagramsAreIgnored() {
        Dialog dialog = refresh(1);
        byte[] request = dialog.sent();
        byte[] wrongId = reply(request, soa(1));
        wrongId[0] ^= 1;
        assertTrue(dialog.datagram(wrongId).waits());
        byte[] wrongQuestion =
                CannedPrimary.message(
                        CannedPrimary.parsed(request).id(),
                        Header.QR | Header.AA,
                        new Question(Name.of("test."), RecordType.SOA, RecordClass.IN),
                        List.of(CannedPrimary.record(soa(1))),
                        List.of());
        assertTrue(dialog.datagram(wrongQuestion).waits());
        assertTrue(dialog.datagram(request).waits(), "a request is no response");
        assertTrue(dialog.datagram(new byte[3]).waits());
        dialog.datagram(reply(request, soa(1)));
        assertEquals(new TransferResult.UpToDate(OptionalLong.empty()), dialog.result());
    }

    @Test
    void case12TruncatedOrNoReplyMeansTcp() {
        Dialog truncated = refresh(1);
        truncated.datagram(reply(truncated.sent(), Header.AA | Header.TC, true));
        assertFalse(truncated.sendsDatagram());
        assertEquals(RecordType.SOA, truncated.sentMessage().questions().getFirst().type());
        truncated.message(reply(truncated.sent(), soa(1)));
        assertInstanceOf(TransferResult.UpToDate.class, truncated.result());
        Dialog silent = refresh(1);
        for (int i = 1; i < Requester.DATAGRAMS_MAX; i++) {
            assertTrue(silent.deadline().sendsDatagram());
        }
        assertFalse(silent.deadline().sendsDatagram());
        silent.closed().failure(TransferFailure.UNREACHABLE);
    }

    @Test
    void aPrimaryThatKnowsNoEdnsIsAskedWithoutIt() {
        Dialog dialog = refresh(1);
        dialog.datagram(error(dialog.sent(), Rcode.FORMERR));
        assertEquals(List.of(), dialog.sentMessage().additionals());
        dialog.datagram(reply(dialog.sent(), soa(1)));
        assertInstanceOf(TransferResult.UpToDate.class, dialog.result());
    }

    @Test
    void case13TheAxfrRequestHasOneQuestionAndOpt() {
        WholeMessage request = Dialog.axfr().sentMessage();
        assertEquals(0, request.flags());
        assertEquals(
                List.of(new Question(CannedPrimary.ZONE, RecordType.AXFR, RecordClass.IN)),
                request.questions());
        assertEquals(List.of(), request.answers());
        assertEquals(List.of(), request.authorities());
        assertEquals(1, request.additionals().size());
        assertEquals(0, Objects.requireNonNull(request.option(9)).length);
    }

    @Test
    void case14TheIxfrRequestHasOurSoa() {
        WholeMessage request = Dialog.ixfr(5, 9).sentMessage();
        assertEquals(RecordType.IXFR, request.questions().getFirst().type());
        assertEquals(List.of(CannedPrimary.record(soa(5))), request.authorities());
    }

    @Test
    void case15OneSoaThatIsNotNewerIsUpToDate() {
        Dialog dialog = Dialog.ixfr(5, 9);
        dialog.message(reply(dialog.sent(), soa(5)));
        assertInstanceOf(TransferResult.UpToDate.class, dialog.result());
        Dialog behind = Dialog.ixfr(5, 9);
        behind.message(reply(behind.sent(), soa(4)));
        assertEquals(new TransferResult.Behind(4), behind.result());
    }

    @Test
    void case16And28OneRecordAMessageIsTaken() {
        Dialog dialog = Dialog.ixfr(1, 2);
        byte[] request = dialog.sent();
        assertTrue(dialog.message(reply(request, soa(2))).waits());
        for (String record : List.of(soa(1), A, soa(2), B)) {
            assertTrue(dialog.message(later(request, record)).waits());
            assertTrue(dialog.message(emptyWithOpt(request)).waits());
        }
        dialog.message(later(request, soa(2)));
        IxfrStep step = dialog.changes().steps().getFirst();
        assertEquals(texts(A), texts(step.deletes()));
        assertEquals(texts(B), texts(step.adds()));
        assertEquals(10, dialog.changes().counts().messages());
    }

    private static byte[] emptyWithOpt(byte[] request) {
        MessageRecord opt = new MessageRecord(Name.ROOT, RecordType.OPT, 1_232, 0, new byte[0]);
        return CannedPrimary.message(
                CannedPrimary.parsed(request).id(), Header.QR, null, List.of(), List.of(opt));
    }

    @Test
    void case17TheSecondRecordTellsTheKind() {
        Dialog incremental = Dialog.ixfr(1, 2);
        incremental.message(reply(incremental.sent(), soa(2), soa(1), soa(2), soa(2)));
        assertEquals(2, incremental.changes().soa().serial());
        Dialog whole = Dialog.ixfr(1, 2);
        whole.message(reply(whole.sent(), soa(2), NS, A, soa(2)));
        assertEquals(texts(NS, A, soa(2)), texts(whole.whole().records()));
        assertEquals("", whole.whole().ixfrRefused());
        Dialog onlySoa = Dialog.ixfr(1, 2);
        onlySoa.message(reply(onlySoa.sent(), soa(2), soa(2)));
        assertContains("no NS", onlySoa.failure(TransferFailure.CONTENT));
    }

    @Test
    void case18TheChainOfVersionsMustHold() {
        Dialog good = Dialog.ixfr(1, 3);
        good.message(
                reply(good.sent(), soa(3), soa(1), A, soa(2), B, soa(2), B, soa(3), C, soa(3)));
        List<IxfrStep> steps = good.changes().steps();
        assertEquals(2, steps.size());
        assertEquals(texts(B), texts(steps.get(1).deletes()));
        assertEquals(texts(C), texts(steps.get(1).adds()));
        Dialog wrapped = Dialog.ixfr(0xffff_ffffL, 1);
        wrapped.message(
                reply(
                        wrapped.sent(),
                        soa(1),
                        soa(0xffff_ffffL),
                        soa(0),
                        A,
                        soa(0),
                        soa(1),
                        soa(1)));
        assertEquals(2, wrapped.changes().steps().size());
        for (String[] bad :
                new String[][] {
                    {soa(3), soa(1), soa(2), soa(1), soa(3), soa(3)},
                    {soa(3), soa(1), soa(1), soa(1)},
                    {soa(3), soa(1), soa(4), soa(4)},
                    {soa(3), soa(2), soa(3), soa(3)},
                    {soa(3), soa(1), soa(3), A, soa(3).replace("300", "301")}
                }) {
            Dialog dialog = Dialog.ixfr(1, 3);
            dialog.message(reply(dialog.sent(), bad));
            assertAsksForAxfr(dialog);
        }
    }

    private static void assertAsksForAxfr(Dialog dialog) {
        assertEquals(RecordType.AXFR, dialog.sentMessage().questions().getFirst().type());
        assertFalse(dialog.sendsDatagram());
    }

    @Test
    void case19SeveralVersionsInOneStepAreTaken() {
        Dialog dialog = Dialog.ixfr(1, 900);
        dialog.message(reply(dialog.sent(), soa(900), soa(1), A, soa(900), B, soa(900)));
        assertEquals(1, dialog.changes().steps().size());
    }

    /// The zone itself finds the divergence; then AXFR is asked instead of IXFR.
    @Test
    void case20AfterADivergenceAxfrIsAsked() {
        Dialog dialog = Dialog.of(Dialog.request(1, false, null, TransferLimits.DEFAULT));
        dialog.datagram(reply(dialog.sent(), soa(2)));
        assertAsksForAxfr(dialog);
    }

    @Test
    void case22ARecordThatIsDeletedAndAddedIsInBothLists() {
        Dialog dialog = Dialog.ixfr(1, 2);
        dialog.message(reply(dialog.sent(), soa(2), soa(1), A, soa(2), A, soa(2)));
        IxfrStep step = dialog.changes().steps().getFirst();
        assertEquals(texts(A), texts(step.deletes()));
        assertEquals(texts(A), texts(step.adds()));
    }

    @Test
    void case23WithoutIxfrAxfrIsAskedOnTheSameConnection() {
        for (int rcode : new int[] {Rcode.NOTIMP, Rcode.FORMERR, Rcode.REFUSED}) {
            Dialog dialog = Dialog.ixfr(1, 2);
            dialog.message(error(dialog.sent(), rcode));
            assertAsksForAxfr(dialog);
            dialog.message(reply(dialog.sent(), soa(2), NS, soa(2)));
            assertContains(Rcode.name(rcode), dialog.whole().ixfrRefused());
        }
        Dialog empty = Dialog.ixfr(1, 2);
        assertAsksForAxfr(empty.message(reply(empty.sent())));
        Dialog failing = Dialog.ixfr(1, 2);
        failing.message(error(failing.sent(), Rcode.SERVFAIL));
        failing.failure(TransferFailure.REFUSED);
    }

    @Test
    void case23TheRestOfABrokenIxfrIsSkipped() {
        Dialog dialog = Dialog.ixfr(1, 3);
        byte[] ixfr = dialog.sent();
        assertAsksForAxfr(dialog.message(reply(ixfr, soa(3), soa(1), soa(1))));
        byte[] axfr = dialog.sent();
        assertTrue(dialog.message(later(ixfr, A, B)).waits());
        dialog.message(reply(axfr, soa(3), NS, soa(3)));
        assertEquals(texts(NS, soa(3)), texts(dialog.whole().records()));
    }

    @Test
    void case24ABrokenConnectionIsNoReasonForAxfr() {
        Dialog dialog = Dialog.ixfr(1, 2);
        dialog.message(reply(dialog.sent(), soa(2), soa(1), A));
        assertContains("reset", dialog.closed().failure(TransferFailure.BROKEN));
    }

    @Test
    void case25EveryMessageMustBelongToTheRequest() {
        Dialog noQuestion = Dialog.axfr();
        noQuestion.message(later(noQuestion.sent(), soa(1), NS, soa(1)));
        assertContains("another question", noQuestion.failure(TransferFailure.PROTOCOL));
        Dialog otherId = Dialog.axfr();
        byte[] message = reply(otherId.sent(), soa(1), NS, soa(1));
        message[1]++;
        otherId.message(message).failure(TransferFailure.PROTOCOL);
        Dialog request = Dialog.axfr();
        request.message(request.sent()).failure(TransferFailure.PROTOCOL);
        Dialog lateError = Dialog.axfr();
        byte[] asked = lateError.sent();
        lateError.message(reply(asked, soa(1), NS));
        lateError.message(error(asked, Rcode.SERVFAIL)).failure(TransferFailure.REFUSED);
        Dialog withoutAa = Dialog.axfr();
        withoutAa.message(reply(withoutAa.sent(), 0, true, soa(1), NS, soa(1)));
        assertEquals(1, withoutAa.whole().soa().serial());
    }

    @Test
    void case26TheSoaIsFirstAndLast() {
        for (String[] bad :
                new String[][] {
                    {A, soa(1)},
                    {soa(1).replaceFirst("example", "a.example")},
                    {soa(1), NS, A, soa(1), B},
                    {soa(1), NS, soa(1), soa(1)}
                }) {
            Dialog dialog = Dialog.axfr();
            dialog.message(reply(dialog.sent(), bad)).failure(TransferFailure.PROTOCOL);
        }
    }

    @Test
    void case27AnotherSoaInTheMiddleIsRejected() {
        for (String soa : List.of(soa(2), soa(1).replaceFirst("example", "a.example"))) {
            Dialog dialog = Dialog.axfr();
            dialog.message(reply(dialog.sent(), soa(1), NS, soa, A, soa(1)));
            assertContains("in the middle", dialog.failure(TransferFailure.PROTOCOL));
        }
    }

    @Test
    void case29AnEarlyEndDiscardsAll() {
        Dialog closed = Dialog.axfr();
        closed.message(reply(closed.sent(), soa(1), NS, A));
        closed.closed().failure(TransferFailure.BROKEN);
        Dialog idle = Dialog.axfr();
        idle.message(reply(idle.sent(), soa(1), NS, A));
        idle.deadline().failure(TransferFailure.BROKEN);
        Dialog silent = Dialog.axfr();
        silent.deadline().failure(TransferFailure.UNREACHABLE);
    }

    @Test
    void case30RecordsOutOfTheZoneAreSkippedAndCounted() {
        Dialog dialog = Dialog.axfr();
        dialog.message(
                reply(
                        dialog.sent(),
                        soa(1),
                        NS,
                        "x.test. A 192.0.2.9",
                        soa(9).replace("example. SOA", "test. SOA"),
                        A,
                        soa(1)));
        assertEquals(texts(NS, A, soa(1)), texts(dialog.whole().records()));
        assertEquals(2, dialog.whole().counts().skipped());
    }

    @Test
    void case30OtherClassesAndMetaTypesAreRejected() {
        MessageRecord a = CannedPrimary.record(A);
        for (MessageRecord bad :
                List.of(
                        new MessageRecord(a.owner(), a.type(), RecordClass.CH, 1, a.rdata()),
                        new MessageRecord(a.owner(), RecordType.OPT, 1, 1, new byte[0]),
                        new MessageRecord(a.owner(), RecordType.ANY, 1, 1, new byte[0]),
                        new MessageRecord(a.owner(), RecordType.AXFR, 1, 1, new byte[0]),
                        new MessageRecord(a.owner(), 0, 1, 1, new byte[0]))) {
            Dialog dialog = Dialog.axfr();
            WholeMessage request = dialog.sentMessage();
            dialog.message(
                    CannedPrimary.message(
                            request.id(),
                            Header.QR,
                            request.questions().getFirst(),
                            List.of(CannedPrimary.record(soa(1)), bad),
                            List.of()));
            dialog.failure(TransferFailure.PROTOCOL);
        }
    }

    @Test
    void case31AllKindsOfNamesAndTypesAreKept() {
        String[] records = {
            NS,
            "sub.example. NS ns.sub.example.",
            "ns.sub.example. A 192.0.2.5",
            "x.dname.example. TXT \"below\"",
            "dname.example. DNAME example.",
            "a.b.c.d.example. A 192.0.2.6",
            "u.example. TYPE65280 \\# 2 0102",
            "a.example. RRSIG A 13 2 300 20300101000000 20200101000000 1 example. AAAA"
        };
        String[] all = new String[records.length + 2];
        System.arraycopy(records, 0, all, 1, records.length);
        all[0] = soa(1);
        all[all.length - 1] = soa(1);
        Dialog dialog = Dialog.axfr();
        dialog.message(reply(dialog.sent(), all));
        String[] kept = java.util.Arrays.copyOfRange(all, 1, all.length);
        assertEquals(texts(kept), texts(dialog.whole().records()));
    }

    @Test
    void case32TheSpellingOfNamesIsKept() {
        Dialog dialog = Dialog.axfr();
        WholeMessage request = dialog.sentMessage();
        MessageRecord mixed =
                new MessageRecord(
                        Name.of("WwW.eXample."),
                        RecordType.CNAME,
                        RecordClass.IN,
                        300,
                        Name.of("Target.Example.").wire());
        dialog.message(
                CannedPrimary.message(
                        request.id(),
                        Header.QR,
                        request.questions().getFirst(),
                        List.of(
                                CannedPrimary.record(soa(1)),
                                CannedPrimary.record(NS),
                                mixed,
                                CannedPrimary.record(soa(1))),
                        List.of()));
        String text = texts(dialog.whole().records()).get(1);
        assertContains("WwW.eXample.", text);
        assertContains("Target.Example.", text);
    }

    @Test
    void case33APointerOutOfTheMessageIsRejected() {
        Dialog dialog = Dialog.axfr();
        byte[] message = reply(dialog.sent(), soa(1), NS, soa(1));
        // The owner of the last record is a pointer to the question.
        int owner = message.length - 2 - 10 - 2 - 2 - 20 - 6;
        for (int at = owner; at < message.length; at++) {
            if ((message[at] & 0xff) == 0xc0) {
                message[at] = (byte) 0xff;
                break;
            }
        }
        dialog.message(message).failure(TransferFailure.PROTOCOL);
    }

    @Test
    void case34TcOverTcpIsIgnored() {
        Dialog dialog = Dialog.axfr();
        dialog.message(reply(dialog.sent(), Header.AA | Header.TC, true, soa(1), NS, soa(1)));
        assertEquals(1, dialog.whole().soa().serial());
    }

    @Test
    void case36TooManyVersionsOrTooLargeMeansAxfr() {
        TransferLimits limits = new TransferLimits(10_000, 100, 1 << 20, 1, 60, 1_000, 100);
        Dialog versions = Dialog.ixfr(1, 3, limits);
        versions.message(reply(versions.sent(), soa(3), soa(1), soa(2), soa(2), soa(3), soa(3)));
        assertAsksForAxfr(versions);
        Dialog larger = Dialog.ixfr(1, 2, limits);
        larger.message(reply(larger.sent(), soa(2), soa(1), A, B, soa(2), A, B, C, soa(2)));
        assertAsksForAxfr(larger);
    }

    @Test
    void case4AnyVersionIsTakenWithoutData() {
        Dialog dialog = Dialog.axfr();
        dialog.message(reply(dialog.sent(), soa(0), NS, soa(0)));
        assertEquals(0, dialog.whole().soa().serial());
    }

    @Test
    void anAxfrThatIsNotNewerIsNotTaken() {
        Dialog dialog = Dialog.of(Dialog.request(5, false, null, TransferLimits.DEFAULT));
        dialog.datagram(reply(dialog.sent(), soa(6)));
        dialog.message(reply(dialog.sent(), soa(4), NS, soa(4)));
        assertEquals(new TransferResult.Behind(4), dialog.result());
    }

    @Test
    void case39TheExpireOptionIsRead() {
        Dialog dialog = refresh(1);
        WholeMessage request = dialog.sentMessage();
        MessageRecord opt =
                new MessageRecord(
                        Name.ROOT, RecordType.OPT, 1_232, 0, new byte[] {0, 9, 0, 4, 0, 0, 2, 1});
        dialog.datagram(
                CannedPrimary.message(
                        request.id(),
                        Header.QR | Header.AA,
                        request.questions().getFirst(),
                        List.of(CannedPrimary.record(soa(1))),
                        List.of(opt)));
        assertEquals(new TransferResult.UpToDate(OptionalLong.of(513)), dialog.result());
    }
}
