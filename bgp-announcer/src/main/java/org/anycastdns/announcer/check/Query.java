package org.anycastdns.announcer.check;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// A query whose correct response is known well enough to check it.
///
/// @param name the owner name
/// @param type SOA for a zone, TXT for the responder's identity
/// @param dclass IN for a zone, CHAOS for the responder's identity
public record Query(Name name, int type, int dclass) implements Question {

    /// The query that every responder answers, whatever zones it serves (RFC 4892 section 2).
    static final Query ID_SERVER =
            new Query(Name.fromConstantString("id.server."), Type.TXT, DClass.CHAOS);

    /// The UDP payload size that avoids fragmentation on every path (DNS flag day 2020).
    private static final int PAYLOAD_BYTES = 1232;

    /// The length of an EDNS option's code and length (RFC 6891 section 6.1.2).
    private static final int OPTION_HEADER_BYTES = 4;

    /// Returns the query for the SOA of a zone.
    static Query soa(Name zone) {
        return new Query(zone, Type.SOA, DClass.IN);
    }

    @Override
    public byte[] request(int id) {
        return request(id, name, type, dclass, false);
    }

    /// Returns a request with this ID. It also asks for the name server's identity (NSID, RFC
    /// 5001).
    ///
    /// @param recursive whether a resolver is asked
    static byte[] request(int id, Name name, int type, int dclass, boolean recursive) {
        Message message = new Message(id);
        message.getHeader().setOpcode(Opcode.QUERY);
        if (recursive) {
            message.getHeader().setFlag(Flags.RD);
        }
        message.addRecord(Record.newRecord(name, type, dclass), Section.QUESTION);
        NSIDOption ask = new NSIDOption(new byte[0]);
        message.addRecord(new OPTRecord(PAYLOAD_BYTES, 0, 0, 0, List.of(ask)), Section.ADDITIONAL);
        return message.toWire();
    }

    @Override
    public @Nullable String stranger(Message reply, byte[] nsid) {
        return foreign(reply, nsid);
    }

    @Override
    public @Nullable String fault(Message reply, byte[] nsid) {
        if (reply.getRcode() != Rcode.NOERROR) {
            return Rcode.string(reply.getRcode()) + " for " + this;
        }
        String stranger = foreign(reply, nsid);
        if (stranger != null) {
            return stranger;
        }
        if (dclass == DClass.CHAOS) {
            return answers(reply, nsid) ? null : "no or another TXT record for " + this;
        }
        if (!reply.getHeader().getFlag(Flags.AA)) {
            return "a non-authoritative answer (no AA) for " + this;
        }
        return answers(reply, nsid) ? null : "no SOA record in the answer for " + this;
    }

    private boolean answers(Message reply, byte[] nsid) {
        for (Record record : reply.getSection(Section.ANSWER)) {
            if (record.getType() == type && record.getName().equals(name)) {
                return !(record instanceof TXTRecord text)
                        || Arrays.equals(text.getStringsAsByteArrays().getFirst(), nsid);
            }
        }
        return false;
    }

    /// Returns why a response comes from another node, or null when it is from this responder.
    private static @Nullable String foreign(Message reply, byte[] nsid) {
        byte[] actual = nsid(reply);
        if (actual == null) {
            return "an answer without NSID: its identity cannot be checked";
        }
        return other(actual, nsid);
    }

    /// Returns the identity in a response, or null when it has none.
    static byte @Nullable [] nsid(Message reply) {
        OPTRecord edns = reply.getOPT();
        List<EDNSOption> options = edns == null ? List.of() : edns.getOptions(EDNSOption.Code.NSID);
        if (options.isEmpty()) {
            return null;
        }
        byte[] wire = options.getFirst().toWire();
        return Arrays.copyOfRange(wire, OPTION_HEADER_BYTES, wire.length);
    }

    /// Returns that the identity is another one, in words; null when it is the right one.
    static @Nullable String other(byte[] actual, byte[] nsid) {
        return Arrays.equals(actual, nsid)
                ? null
                : "answered by \"%s\", not \"%s\""
                        .formatted(Printable.of(actual), Printable.of(nsid));
    }

    /// Returns the question in zone file order, e.g. `example.com. SOA`.
    @Override
    public String toString() {
        return dclass == DClass.IN
                ? name + " " + Type.string(type)
                : name + " " + DClass.string(dclass) + " " + Type.string(type);
    }

    /// Parses a message. Returns null when it is malformed.
    static @Nullable Message parse(byte[] wire) {
        try {
            return new Message(wire);
        } catch (IOException | RuntimeException _) {
            return null; // dnsjava reports some malformed records as unchecked exceptions
        }
    }
}
