package org.anycastdns.server.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;

/// Any octets as the messages of a primary, and each as a message of a client with TSIG.
///
/// ```
///   1 octet: AXFR or IXFR | 2 octets length | message | 2 octets length | message ...
/// ```
///
/// The ID of each message becomes that of the request; what is read is written and read again.
public final class TransferFuzz {

    private static final TsigKeys KEYS =
            new TsigKeys(
                    List.of(
                            new TsigKey(
                                    Name.of("k."),
                                    TsigAlgorithm.HMAC_SHA256,
                                    "secret".getBytes(StandardCharsets.UTF_8))));

    private TransferFuzz() {}

    /// Transfers once.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(data, 1, data.length - 1);
        Dialog dialog = (data[0] & 1) == 0 ? Dialog.axfr() : Dialog.ixfr(1, 9);
        byte[] request = dialog.sent();
        while (in.remaining() > Short.BYTES && !dialog.isOver()) {
            byte[] message = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(message);
            check(message);
            if (message.length >= Header.OCTETS) {
                System.arraycopy(request, 0, message, 0, Short.BYTES);
            }
            dialog.message(message);
            request = dialog.waits() || dialog.isOver() ? request : dialog.sent();
        }
    }

    private static void check(byte[] message) {
        TsigVerdict verdict = TsigRequests.check(KEYS, message, message.length, 0);
        if (verdict instanceof TsigVerdict.Failed failed) {
            int expected = message.length + failed.reply().octets();
            if (failed.reply().sign(message, message.length, 0).length != expected) {
                throw new AssertionError("TSIG has another length than told: " + failed);
            }
        }
        if (MessageParser.parse(message) instanceof ParsedMessage.Sound(WholeMessage sound)) {
            byte[] again = encoded(sound);
            // Without compression of the sender, a message may become too long.
            if (again.length > 0
                    && !MessageParser.parse(again).equals(new ParsedMessage.Sound(sound))) {
                throw new AssertionError("read again, it differs: " + sound);
            }
        }
    }

    private static byte[] encoded(WholeMessage message) {
        MessageEncoder encoder = new MessageEncoder(65_535);
        encoder.begin(message.id(), message.flags(), 0);
        boolean fits = message.questions().stream().allMatch(encoder::question);
        for (MessageRecord record : message.answers()) {
            fits &= encoder.record(MessageSection.ANSWER, record);
        }
        for (MessageRecord record : message.authorities()) {
            fits &= encoder.record(MessageSection.AUTHORITY, record);
        }
        for (MessageRecord record : message.additionals()) {
            fits &= encoder.record(MessageSection.ADDITIONAL, record);
        }
        return fits ? encoder.message() : new byte[0];
    }
}
