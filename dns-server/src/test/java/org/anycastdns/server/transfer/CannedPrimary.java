package org.anycastdns.server.transfer;

import java.util.List;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;

/// A primary that says what a test wants, as octets.
public final class CannedPrimary {

    public static final Name ZONE = Name.of("example.");

    private CannedPrimary() {}

    /// A record from text such as `a.example. A 192.0.2.1`, with a TTL of 300 seconds.
    public static MessageRecord record(String text) {
        return MessageRecord.of(SampleZone.record(text, 300));
    }

    /// The SOA record of the zone with a serial.
    public static String soa(long serial) {
        return "example. SOA ns.example. admin.example. %d 3600 600 86400 300".formatted(serial);
    }

    public static SoaRecord soaRecord(long serial) {
        return new SoaRecord(record(soa(serial)).zoneRecord());
    }

    public static WholeMessage parsed(byte[] message) {
        if (MessageParser.parse(message) instanceof ParsedMessage.Sound(WholeMessage sound)) {
            return sound;
        }
        throw new AssertionError("malformed: " + MessageParser.parse(message));
    }

    /// A response with AA and the question of the request.
    public static byte[] reply(byte[] request, String... answers) {
        return reply(request, Header.AA, true, answers);
    }

    /// A response with an RCODE and no records.
    public static byte[] error(byte[] request, int rcode) {
        return reply(request, rcode, true);
    }

    /// A response without question.
    public static byte[] later(byte[] request, String... answers) {
        return reply(request, Header.AA, false, answers);
    }

    /// A response with some flags beside QR, with or without the question of the request.
    public static byte[] reply(byte[] request, int flags, boolean question, String... answers) {
        List<MessageRecord> records =
                java.util.Arrays.stream(answers).map(CannedPrimary::record).toList();
        Question asked = question ? parsed(request).questions().getFirst() : null;
        return message(parsed(request).id(), Header.QR | flags, asked, records, List.of());
    }

    /// A message with records that need no text.
    public static byte[] message(
            int id,
            int flags,
            @org.jspecify.annotations.Nullable Question question,
            List<MessageRecord> answers,
            List<MessageRecord> additionals) {
        MessageEncoder encoder = new MessageEncoder(65_535);
        encoder.begin(id, flags, 0);
        boolean fits = question == null || encoder.question(question);
        for (MessageRecord record : answers) {
            fits &= encoder.record(MessageSection.ANSWER, record);
        }
        for (MessageRecord record : additionals) {
            fits &= encoder.record(MessageSection.ADDITIONAL, record);
        }
        if (!fits) {
            throw new AssertionError("the message is too long");
        }
        return encoder.message();
    }

    /// The records as texts, in order.
    public static List<String> texts(Records records) {
        return records.list().stream().map(each -> MessageRecord.of(each).toString()).toList();
    }

    /// Records as {@link #texts} shows them.
    public static List<String> texts(String... records) {
        return java.util.Arrays.stream(records).map(each -> record(each).toString()).toList();
    }
}
