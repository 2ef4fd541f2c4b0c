package org.anycastdns.server.rdata;

import org.anycastdns.server.wire.RecordType;

/// A record type, such as the type that a signature covers.
final class TypeField extends Field {

    TypeField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        int type = in.type();
        return type >= 0 ? in.put(type, 2) : in.expected("a record type");
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(2);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ').append(RecordType.name((int) in.next(2)));
    }

    @Override
    int width() {
        return 2;
    }
}
