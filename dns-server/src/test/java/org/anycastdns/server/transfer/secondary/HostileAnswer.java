package org.anycastdns.server.transfer.secondary;

import static org.anycastdns.server.transfer.CannedPrimary.later;
import static org.anycastdns.server.transfer.CannedPrimary.reply;
import static org.anycastdns.server.transfer.CannedPrimary.soa;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// What a broken or hostile primary answers to AXFR for its version 2. None of it is a zone.
enum HostileAnswer {
    CASE_25_ANOTHER_ID(
            "another ID",
            request -> {
                byte[] message = reply(request, soa(2), HostileAnswer.NS, soa(2));
                message[1]++;
                return List.of(message);
            }),
    CASE_25_NO_QUESTION(
            "another question",
            request -> List.of(later(request, soa(2), HostileAnswer.NS, soa(2)))),
    CASE_25_ANOTHER_QUESTION(
            "another question",
            request ->
                    List.of(
                            message(
                                    request,
                                    new Question(
                                            Name.of("other."), RecordType.AXFR, RecordClass.IN),
                                    record(soa(2)),
                                    record(HostileAnswer.NS),
                                    record(soa(2))))),
    CASE_25_A_REQUEST("not a response", request -> List.of(request)),
    CASE_25_AN_ERROR_IN_THE_MIDDLE(
            "SERVFAIL",
            request ->
                    List.of(
                            reply(request, soa(2), HostileAnswer.NS),
                            CannedPrimary.error(request, Rcode.SERVFAIL))),
    CASE_26_ANOTHER_BEGINNING(
            "begins with", request -> List.of(reply(request, HostileAnswer.NS, soa(2)))),
    CASE_26_RECORDS_AFTER_THE_END(
            "follows the last SOA",
            request -> List.of(reply(request, soa(2), HostileAnswer.NS, soa(2), HostileAnswer.NS))),
    /// axfr_mid_soa
    CASE_27_ANOTHER_SOA_IN_THE_MIDDLE(
            "in the middle",
            request -> List.of(reply(request, soa(2), HostileAnswer.NS, soa(3), soa(2)))),
    CASE_27_AN_SOA_BELOW_THE_APEX(
            "in the middle",
            request -> List.of(reply(request, soa(2), HostileAnswer.NS, "a." + soa(2), soa(2)))),
    CASE_29_THE_CONNECTION_ENDS(
            "closed the connection",
            request -> List.of(reply(request, soa(2), HostileAnswer.NS), new byte[0])),
    /// xfr_class
    CASE_30_ANOTHER_CLASS(
            "not of class IN",
            request ->
                    whole(
                            request,
                            new MessageRecord(
                                    CannedPrimary.ZONE,
                                    RecordType.A,
                                    RecordClass.CH,
                                    300,
                                    new byte[4]))),
    CASE_30_A_TYPE_THAT_NO_ZONE_HAS(
            "a type that no zone has",
            request ->
                    whole(
                            request,
                            new MessageRecord(
                                    CannedPrimary.ZONE,
                                    RecordType.ANY,
                                    RecordClass.IN,
                                    300,
                                    new byte[60_000]))),
    CASE_33_A_POINTER_TO_NOWHERE(
            "octet ",
            request -> {
                byte[] message = reply(request, soa(2), HostileAnswer.NS, soa(2));
                int question = Header.OCTETS + CannedPrimary.ZONE.length() + 4;
                // The owner of the first answer is a pointer to the question.
                message[question] = (byte) 0xff;
                return List.of(message);
            }),
    CASE_33_A_POINTER_IN_A_LOOP(
            "octet ",
            request -> {
                byte[] message = reply(request, soa(2), HostileAnswer.NS, soa(2));
                int question = Header.OCTETS + CannedPrimary.ZONE.length() + 4;
                message[question] = (byte) 0xc0;
                message[question + 1] = (byte) question;
                return List.of(message);
            }),
    CASE_33_A_RECORD_THAT_IS_CUT_OFF(
            "octet ",
            request -> {
                byte[] message = reply(request, soa(2), HostileAnswer.NS, soa(2));
                return List.of(Arrays.copyOf(message, message.length - 1));
            }),
    CASE_33_SHORTER_THAN_A_HEADER("another ID", _ -> List.of(new byte[] {0})),
    /// axfr_oversize_rr: it fits a message of the transfer, but no response.
    CASE_52_A_RECORD_LARGER_THAN_A_RESPONSE(
            "more than a message can hold",
            request -> {
                MessageRecord large =
                        new MessageRecord(
                                Name.of("x.example."),
                                HostileAnswer.PRIVATE_TYPE,
                                RecordClass.IN,
                                300,
                                new byte[65_535 - Header.OCTETS - 11 - 10]);
                return List.of(
                        reply(request, soa(2), HostileAnswer.NS),
                        message(request, null, large),
                        later(request, soa(2)));
            }),
    CASE_37_NO_NAME_SERVER("no NS records", request -> List.of(reply(request, soa(2), soa(2))));

    private static final String NS = "example. NS ns.example.";
    private static final int PRIVATE_TYPE = 65_280;

    /// What the operator reads.
    final String reason;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of the request alone.
    final Function<byte[], List<byte[]>> messages;

    HostileAnswer(String reason, Function<byte[], List<byte[]>> messages) {
        this.reason = reason;
        this.messages = messages;
    }

    private static MessageRecord record(String text) {
        return CannedPrimary.record(text);
    }

    private static List<byte[]> whole(byte[] request, MessageRecord bad) {
        WholeMessage asked = CannedPrimary.parsed(request);
        return List.of(
                message(
                        request,
                        asked.questions().getFirst(),
                        record(soa(2)),
                        record(NS),
                        bad,
                        record(soa(2))));
    }

    private static byte[] message(
            byte[] request, @Nullable Question question, MessageRecord... records) {
        return CannedPrimary.message(
                CannedPrimary.parsed(request).id(),
                Header.QR | Header.AA,
                question,
                List.of(records),
                List.of());
    }
}
