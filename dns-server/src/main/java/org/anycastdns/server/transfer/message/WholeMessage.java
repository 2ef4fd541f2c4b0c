package org.anycastdns.server.transfer.message;

import java.util.List;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// A whole message: header, questions and all records. A TSIG record is the last of the additional
/// section, as any other record.
///
/// @param id the message ID, 0 to 65535
/// @param flags the 16 bits from QR to RCODE
public record WholeMessage(
        int id,
        int flags,
        List<Question> questions,
        List<MessageRecord> answers,
        List<MessageRecord> authorities,
        List<MessageRecord> additionals) {

    private static final int RCODE_BITS = 4;
    private static final int EXTENDED_RCODE_SHIFT = 24;

    public WholeMessage {
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        authorities = List.copyOf(authorities);
        additionals = List.copyOf(additionals);
    }

    /// Returns whether the message is a response.
    public boolean isResponse() {
        return (flags & Header.QR) != 0;
    }

    /// Returns whether the answer is authoritative (AA).
    public boolean isAuthoritative() {
        return (flags & Header.AA) != 0;
    }

    /// Returns whether records are missing because they did not fit (TC).
    public boolean isTruncated() {
        return (flags & Header.TC) != 0;
    }

    /// Returns the OPCODE, 0 to 15.
    public int opcode() {
        return flags >>> Header.OPCODE_SHIFT & Header.OPCODE_MASK;
    }

    /// Returns the RCODE with its extension in the OPT record, 0 to 4095 (RFC 6891 section 6.1.3).
    public int rcode() {
        MessageRecord opt = opt();
        int high = opt == null ? 0 : opt.ttl() >>> EXTENDED_RCODE_SHIFT;
        return high << RCODE_BITS | (flags & Header.OPCODE_MASK);
    }

    /// Returns the mnemonic of the RCODE.
    public String rcodeName() {
        return Rcode.name(rcode());
    }

    /// Returns the first OPT record of the additional section, or null if there is none.
    public @Nullable MessageRecord opt() {
        for (MessageRecord record : additionals) {
            if (record.type() == RecordType.OPT) {
                return record;
            }
        }
        return null;
    }

    /// Returns the content of the first EDNS option with a code, or null if there is none.
    public byte @Nullable [] option(int code) {
        MessageRecord opt = opt();
        return opt == null ? null : OptOptions.find(opt.rdata(), code);
    }
}
