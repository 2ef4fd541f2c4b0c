package org.anycastdns.server.transfer.update;

import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Writes the response to an UPDATE: its zone section, and an OPT record if the request has one
/// (RFC 2136 section 3.8).
public final class UpdateReply {

    private UpdateReply() {}

    /// Returns the response without TSIG.
    ///
    /// @param extended the reason; null for none
    /// @param octetsMax the longest response; what does not fit is left out
    public static byte[] of(
            WholeMessage request, int rcode, @Nullable ExtendedError extended, int octetsMax) {
        MessageEncoder encoder = new MessageEncoder(octetsMax);
        int flags = Header.QR | Opcode.UPDATE << Header.OPCODE_SHIFT | rcode;
        encoder.begin(request.id(), flags, 0);
        boolean _ = encoder.question(request.questions().getFirst());
        if (request.opt() != null) {
            byte[] reason = extended == null ? new byte[0] : extended.encoded();
            boolean _ =
                    encoder.record(MessageSection.ADDITIONAL, opt(reason))
                            || encoder.record(MessageSection.ADDITIONAL, opt(new byte[0]));
        }
        return encoder.message();
    }

    private static MessageRecord opt(byte[] options) {
        return new MessageRecord(Name.ROOT, RecordType.OPT, Edns.UDP_SIZE, 0, options);
    }
}
