package org.anycastdns.server.transfer;

import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Encodes requests to a primary.
final class RequestMessages {

    /// An empty EXPIRE option asks how long the zone may be served (RFC 7314 section 3.2).
    private static final byte[] EXPIRE_OPTION = {0, Edns.EXPIRE, 0, 0};

    /// With an empty edns-tcp-keepalive option, which asks how long the connection may be idle (RFC
    /// 7828 section 3.2.1).
    private static final byte[] STREAM_OPTIONS = {
        0, Edns.EXPIRE, 0, 0, 0, Edns.TCP_KEEPALIVE, 0, 0
    };

    private RequestMessages() {}

    /// Encodes a request without RD, with one question (RFC 5936 section 2.1).
    ///
    /// @param ours goes into the authority section of IXFR (RFC 1995 section 3); null for none
    /// @param edns whether to add OPT
    /// @param datagram whether it is sent over UDP
    static byte[] of(
            int id, Question question, @Nullable SoaRecord ours, boolean edns, boolean datagram) {
        int octets = 2 * Edns.UDP_SIZE_MIN + 3 * Name.OCTETS_MAX;
        MessageEncoder encoder = new MessageEncoder(octets);
        encoder.begin(id, 0, 0);
        boolean fits = encoder.question(question);
        if (ours != null) {
            fits &= encoder.record(MessageSection.AUTHORITY, MessageRecord.of(ours.record()));
        }
        if (edns) {
            MessageRecord opt =
                    new MessageRecord(
                            Name.ROOT,
                            RecordType.OPT,
                            Edns.UDP_SIZE,
                            0,
                            datagram ? EXPIRE_OPTION : STREAM_OPTIONS);
            fits &= encoder.record(MessageSection.ADDITIONAL, opt);
        }
        if (!fits) {
            throw new IllegalStateException("a request has at most four names");
        }
        return encoder.message();
    }
}
