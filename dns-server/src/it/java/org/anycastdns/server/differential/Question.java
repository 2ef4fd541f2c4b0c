package org.anycastdns.server.differential;

import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// A query that is sent to every server.
///
/// @param ednsSize UDP size that the client accepts, in octets; 0 for a query without EDNS
record Question(Name name, int type, int ednsSize, boolean dnssecOk) {

    /// Parses a query from presentation form.
    static Question of(String name, String type, int ednsSize, boolean dnssecOk) {
        try {
            return new Question(new Name(name, Name.root), Type.value(type), ednsSize, dnssecOk);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    byte[] toWire() {
        Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        message.getHeader().unsetFlag(Flags.RD);
        if (ednsSize > 0) {
            int flags = dnssecOk ? ExtendedFlags.DO : 0;
            message.addRecord(new OPTRecord(ednsSize, 0, 0, flags), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    @Override
    public String toString() {
        return name + " " + Type.string(type) + " edns " + ednsSize + (dnssecOk ? " DO" : "");
    }
}
