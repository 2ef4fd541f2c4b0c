package org.anycastdns.server.transfer.out;

import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;

/// The messages of a transfer (RFC 5936 section 2.2): the question in the first, OPT and TSIG in
/// each, filled with records as far as compression pointers reach. A set may be cut between its
/// records. A record that is too long for that gets a message of its own.
public final class MessageSequence {

    private final TransferHead head;
    private final RecordSequence records;
    private final @Nullable TsigSigner signer;
    private final MessageEncoder encoder;
    private final int octetsMax;
    private int messages;
    private long octets;
    private boolean ended;
    private String failure = "";

    /// Begins the messages of a response.
    ///
    /// @param signer signs each of them; null for none
    /// @param octetsMax length of the longest message in octets, with OPT and TSIG
    MessageSequence(
            TransferHead head, RecordSequence records, @Nullable TsigSigner signer, int octetsMax) {
        this.head = head;
        this.records = records;
        this.signer = signer;
        this.octetsMax = octetsMax;
        this.encoder = new MessageEncoder(Math.min(octetsMax, MessageEncoder.TRANSFER_OCTETS_MAX));
    }

    /// Makes the next message.
    ///
    /// @param epochSeconds the time in seconds since 1970
    /// @return the message; null after the last one
    public byte @Nullable [] next(long epochSeconds) {
        if (ended) {
            return null;
        }
        MessageEncoder into = failure.isEmpty() ? filled() : error();
        ended |= records.isAtEnd();
        messages++;
        byte[] message = into.message();
        TsigSigner signing = signer;
        byte[] complete =
                signing == null ? message : signing.sign(message, message.length, epochSeconds);
        octets += complete.length;
        return complete;
    }

    /// Ends the transfer with an error: its next message, which is the last, has SERVFAIL.
    ///
    /// @param reason for the operator
    public void fail(String reason) {
        failure = ended ? failure : reason;
    }

    private MessageEncoder filled() {
        if (fill(encoder)) {
            return encoder;
        }
        MessageEncoder large = new MessageEncoder(octetsMax);
        if (fill(large)) {
            return large;
        }
        fail(
                "record %s does not fit into a message of %d octets"
                        .formatted(records.next(), octetsMax));
        return error();
    }

    /// Writes a message with as many records as fit.
    ///
    /// @return whether at least one did
    private boolean fill(MessageEncoder into) {
        begin(into, Header.AA);
        boolean any = false;
        while (!records.isAtEnd() && records.write(into)) {
            any = true;
            if (into != encoder) {
                // Pointers do not reach further, so more records would not be compressed.
                break;
            }
        }
        writeOpt(into);
        return any;
    }

    /// Writes the message that ends a transfer which cannot go on.
    private MessageEncoder error() {
        ended = true;
        begin(encoder, Rcode.SERVFAIL);
        writeOpt(encoder);
        return encoder;
    }

    private void begin(MessageEncoder into, int flags) {
        MessageRecord opt = head.opt(messages == 0);
        int reserve = opt == null ? 0 : Edns.OPT_OCTETS + opt.rdata().length;
        TsigSigner signing = signer;
        into.begin(
                head.id(),
                Header.QR | head.flags() | flags,
                reserve + (signing == null ? 0 : signing.octets()));
        if (messages == 0 && !into.question(head.question())) {
            throw new IllegalStateException("no message is shorter than its question");
        }
    }

    private void writeOpt(MessageEncoder into) {
        MessageRecord opt = head.opt(messages == 0);
        if (opt != null && !into.reserved(opt)) {
            throw new IllegalStateException("room for OPT was reserved");
        }
    }

    /// Returns the only message if the response has no more than one, else null.
    byte @Nullable [] alone() {
        byte[] first = next(0);
        return ended && failure.isEmpty() ? first : null;
    }

    /// Returns whether all messages were made.
    public boolean isComplete() {
        return ended;
    }

    /// Returns why the transfer ended with an error, for the operator; empty if it did not.
    public String failure() {
        return failure;
    }

    /// Returns how many messages were made.
    public int messages() {
        return messages;
    }

    /// Returns how many octets the messages have, without their lengths.
    public long octets() {
        return octets;
    }

    /// Returns how many records the messages have.
    public long records() {
        return records.written();
    }

    /// The longest message over TCP, in octets.
    static final int TCP_OCTETS_MAX = MessageWriter.OCTETS_MAX;
}
