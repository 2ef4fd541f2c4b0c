package org.anycastdns.server.transfer.out;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;
import org.jspecify.annotations.Nullable;

/// A request for a zone: AXFR (RFC 5936 section 2.1) or IXFR (RFC 1995 section 3).
public final class TransferQuery {

    private final WholeMessage message;
    private final OptionalInt serial;

    private TransferQuery(WholeMessage message, OptionalInt serial) {
        this.message = message;
        this.serial = serial;
    }

    /// Parses a request whose question asks for AXFR or IXFR.
    ///
    /// @param octets any octets
    /// @return null if it is malformed, or if an IXFR lacks the SOA record of the client's version
    public static @Nullable TransferQuery of(byte[] octets) {
        if (!(MessageParser.parse(octets) instanceof ParsedMessage.Sound(WholeMessage message))
                || message.questions().size() != 1) {
            return null;
        }
        Question question = message.questions().getFirst();
        if (question.type() == RecordType.AXFR) {
            return new TransferQuery(message, OptionalInt.empty());
        }
        MessageRecord soa = soa(message, question.name());
        return question.type() != RecordType.IXFR || soa == null
                ? null
                : new TransferQuery(message, OptionalInt.of(SoaFields.serial(soa.rdata())));
    }

    private static @Nullable MessageRecord soa(WholeMessage message, Name zone) {
        MessageRecord only =
                message.authorities().size() == 1 ? message.authorities().getFirst() : null;
        return only != null
                        && only.type() == RecordType.SOA
                        && only.recordClass() == RecordClass.IN
                        && only.owner().equals(zone)
                ? only
                : null;
    }

    /// Returns the name of the zone.
    public Name zone() {
        return message.questions().getFirst().name();
    }

    /// Returns the serial of the client's version; empty for AXFR.
    public OptionalInt serial() {
        return serial;
    }

    /// Returns what the messages of the response begin with.
    ///
    /// @param expireSeconds how long a secondary may serve the zone, for clients that ask (RFC
    ///   7314); empty to tell nothing
    /// @param idleDeciseconds how long the connection may be idle, in units of 100 ms, for clients
    ///   that ask (RFC 7828); empty over UDP
    TransferHead head(OptionalLong expireSeconds, OptionalInt idleDeciseconds) {
        return new TransferHead(
                message.id(),
                message.flags() & Header.RD,
                message.questions().getFirst(),
                opt(options(expireSeconds, idleDeciseconds)),
                opt(new byte[0]));
    }

    private @Nullable MessageRecord opt(byte[] options) {
        MessageRecord asked = message.opt();
        return asked == null
                ? null
                : new MessageRecord(
                        Name.ROOT, RecordType.OPT, Edns.UDP_SIZE, asked.ttl() & Edns.DO, options);
    }

    private byte[] options(OptionalLong expireSeconds, OptionalInt idleDeciseconds) {
        // Two options of a head of four octets each.
        ByteBuffer options = ByteBuffer.allocate(4 + Integer.BYTES + 4 + Short.BYTES);
        if (message.option(Edns.EXPIRE) != null && expireSeconds.isPresent()) {
            options.putShort((short) Edns.EXPIRE).putShort((short) Integer.BYTES);
            options.putInt((int) expireSeconds.getAsLong());
        }
        if (message.option(Edns.TCP_KEEPALIVE) != null && idleDeciseconds.isPresent()) {
            options.putShort((short) Edns.TCP_KEEPALIVE).putShort((short) Short.BYTES);
            options.putShort((short) idleDeciseconds.getAsInt());
        }
        byte[] written = new byte[options.position()];
        options.flip().get(written);
        return written;
    }
}
