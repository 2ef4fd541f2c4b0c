package org.anycastdns.server.transfer.update;

import java.util.List;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;

/// An UPDATE whose zone section is right (RFC 2136 section 2). Its additional section does not
/// matter.
///
/// @param zone the zone to change, as spelled in the message
/// @param prerequisites what must hold before
/// @param updates what to change, in order
public record UpdateRequest(
        Name zone, List<MessageRecord> prerequisites, List<MessageRecord> updates) {

    public UpdateRequest {
        prerequisites = List.copyOf(prerequisites);
        updates = List.copyOf(updates);
    }

    /// What was made of a message.
    public sealed interface Parsed {

        /// The message asks for this.
        record Sound(UpdateRequest request) implements Parsed {}

        /// The zone section is wrong.
        record Faulty(Rejected rejected) implements Parsed {}
    }

    /// Reads a request with OPCODE UPDATE (RFC 2136 section 3.1.1). Whether the zone is one of this
    /// server, and whether this server is its primary, is not known here.
    ///
    /// @param message not a response
    public static Parsed of(WholeMessage message) {
        if (message.questions().size() != 1) {
            return faulty(
                    Rcode.FORMERR,
                    "the zone section has %d records, not one"
                            .formatted(message.questions().size()));
        }
        Question zone = message.questions().getFirst();
        if (zone.type() != RecordType.SOA) {
            return faulty(
                    Rcode.FORMERR,
                    "the zone section has the type %s, not SOA"
                            .formatted(RecordType.name(zone.type())));
        }
        if (zone.recordClass() != RecordClass.IN) {
            return faulty(
                    Rcode.NOTAUTH, "there are no zones of class %d".formatted(zone.recordClass()));
        }
        return new Parsed.Sound(
                new UpdateRequest(zone.name(), message.answers(), message.authorities()));
    }

    private static Parsed faulty(int rcode, String reason) {
        return new Parsed.Faulty(new Rejected(rcode, reason));
    }
}
