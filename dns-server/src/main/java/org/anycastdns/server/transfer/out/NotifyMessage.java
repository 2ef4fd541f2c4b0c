package org.anycastdns.server.transfer.out;

import java.util.OptionalInt;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;
import org.jspecify.annotations.Nullable;

/// A NOTIFY request for a zone (RFC 1996 section 3).
///
/// @param zone the zone that may have changed
/// @param serial the serial in it, which is only a hint; empty if it has none
public record NotifyMessage(Name zone, OptionalInt serial) {

    private static final int FLAGS = Opcode.NOTIFY << Header.OPCODE_SHIFT | Header.AA;

    /// Parses a request.
    ///
    /// @param octets any octets
    /// @return null if it is malformed
    public static @Nullable NotifyMessage of(byte[] octets) {
        if (!(MessageParser.parse(octets) instanceof ParsedMessage.Sound(WholeMessage message))
                || message.questions().size() != 1) {
            return null;
        }
        Question question = message.questions().getFirst();
        return question.type() == RecordType.SOA && question.recordClass() == RecordClass.IN
                ? new NotifyMessage(question.name(), serial(message, question.name()))
                : null;
    }

    private static OptionalInt serial(WholeMessage message, Name zone) {
        for (MessageRecord record : message.answers()) {
            if (record.type() == RecordType.SOA
                    && record.recordClass() == RecordClass.IN
                    && record.owner().equals(zone)) {
                return OptionalInt.of(SoaFields.serial(record.rdata()));
            }
        }
        return OptionalInt.empty();
    }

    /// Returns a request with the SOA record of the newest version (RFC 1996 section 3.7).
    public static byte[] request(int id, SoaRecord soa) {
        // Header, question and a SOA record of names of any length.
        MessageEncoder encoder = new MessageEncoder(Edns.UDP_SIZE_MIN + 4 * Name.OCTETS_MAX);
        encoder.begin(id, FLAGS, 0);
        Name zone = soa.record().owner();
        boolean fits =
                encoder.question(new Question(zone, RecordType.SOA, RecordClass.IN))
                        && encoder.record(MessageSection.ANSWER, MessageRecord.of(soa.record()));
        if (!fits) {
            throw new IllegalStateException("NOTIFY has four names at most");
        }
        return encoder.message();
    }
}
