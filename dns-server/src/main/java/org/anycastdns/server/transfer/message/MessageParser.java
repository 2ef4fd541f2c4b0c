package org.anycastdns.server.transfer.message;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.rdata.RdataExpander;
import org.anycastdns.server.wire.CompressedNames;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Parses a whole message (RFC 1035 section 4.1). It accepts any octets. Memory is bounded by the
/// length of the message: every question and record takes octets of its own, and a name is at most
/// 255 octets long.
public final class MessageParser {

    /// Length of TYPE and CLASS of a question in octets.
    private static final int QUESTION_FIXED_OCTETS = 4;

    /// Length of TYPE, CLASS, TTL and RDLENGTH in octets.
    private static final int RECORD_FIXED_OCTETS = 10;

    private final byte[] octets;
    private final int end;
    private final CompressedNames names;
    private final RdataExpander rdata;
    private int at;
    private String fault = "";

    // Consecutive records of a transfer mostly have the same owner, as a pointer to one place.
    private int ownerPointer = -1;
    private Name owner = Name.ROOT;

    private MessageParser(byte[] octets, int end) {
        this.octets = octets;
        this.end = end;
        this.names = new CompressedNames(octets, end);
        this.rdata = new RdataExpander(octets, names);
    }

    /// Parses a message.
    ///
    /// @param message holds the message from index 0
    public static ParsedMessage parse(byte[] message) {
        return parse(message, message.length);
    }

    /// Parses a message.
    ///
    /// @param message holds the message from index 0
    /// @param length length of the message in octets, at most the array's
    public static ParsedMessage parse(byte[] message, int length) {
        MessageParser parser = new MessageParser(message, length);
        WholeMessage sound = parser.message();
        return sound == null
                ? new ParsedMessage.Malformed(parser.at, parser.fault)
                : new ParsedMessage.Sound(sound);
    }

    private @Nullable WholeMessage message() {
        if (end < Header.OCTETS) {
            fault = "the message has %d octets, less than a header".formatted(end);
            return null;
        }
        at = Header.OCTETS;
        List<Question> questions = questions(shortAt(Header.QDCOUNT));
        List<MessageRecord> answers = questions == null ? null : records(MessageSection.ANSWER);
        List<MessageRecord> authorities =
                answers == null ? null : records(MessageSection.AUTHORITY);
        List<MessageRecord> additionals =
                authorities == null ? null : records(MessageSection.ADDITIONAL);
        if (questions == null || answers == null || authorities == null || additionals == null) {
            return null;
        }
        if (at < end) {
            fault = "%d octets follow the last record".formatted(end - at);
            return null;
        }
        return new WholeMessage(
                shortAt(0), shortAt(Header.FLAGS), questions, answers, authorities, additionals);
    }

    private @Nullable List<Question> questions(int count) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int behind = names.read(at, end);
            if (behind < 0) {
                fault = "the name of the question is malformed";
                return null;
            }
            if (behind + QUESTION_FIXED_OCTETS > end) {
                fault = "the question is cut off";
                return null;
            }
            questions.add(new Question(names.name(), shortAt(behind), shortAt(behind + 2)));
            at = behind + QUESTION_FIXED_OCTETS;
        }
        return questions;
    }

    private @Nullable List<MessageRecord> records(MessageSection section) {
        int count = shortAt(section.countOffset());
        List<MessageRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MessageRecord record = record();
            if (record == null) {
                return null;
            }
            records.add(record);
        }
        return records;
    }

    private @Nullable MessageRecord record() {
        int fixed = owner();
        if (fixed < 0) {
            fault = "the owner name of a record is malformed";
            return null;
        }
        if (fixed + RECORD_FIXED_OCTETS > end) {
            fault = "a record of %s is cut off".formatted(owner);
            return null;
        }
        int type = shortAt(fixed);
        int recordClass = shortAt(fixed + 2);
        int ttl = shortAt(fixed + 4) << 16 | shortAt(fixed + 6);
        int from = fixed + RECORD_FIXED_OCTETS;
        int to = from + shortAt(from - 2);
        if (to > end) {
            fault = "record %s %s is cut off".formatted(owner, RecordType.name(type));
            return null;
        }
        if (!rdata.expand(rdataType(type, recordClass, to - from), from, to)) {
            fault = "record %s %s: %s".formatted(owner, RecordType.name(type), rdata.failure());
            return null;
        }
        at = to;
        return new MessageRecord(owner, type, recordClass, ttl, rdata.octets());
    }

    /// Returns the type whose fields RDATA has; 0, which has none, for the forms of UPDATE without
    /// data (RFC 2136 section 2.4) and for classes whose data this server does not know.
    private static int rdataType(int type, int recordClass, int octets) {
        boolean typed =
                recordClass == RecordClass.IN || (recordClass == RecordClass.NONE && octets > 0);
        return typed ? type : 0;
    }

    /// Reads an owner name; returns the offset behind it, or -1.
    private int owner() {
        int pointer = at + 2 <= end && (octets[at] & 0xc0) == 0xc0 ? shortAt(at) : -1;
        if (pointer >= 0 && pointer == ownerPointer) {
            return at + 2;
        }
        int behind = names.read(at, end);
        if (behind >= 0) {
            owner = names.name();
            ownerPointer = pointer;
        }
        return behind;
    }

    private int shortAt(int offset) {
        return (octets[offset] & 0xff) << 8 | (octets[offset + 1] & 0xff);
    }
}
