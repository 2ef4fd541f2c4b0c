package org.anycastdns.server.rdata;

/// A field of octets up to the end of the data.
abstract class RestField extends Field {

    RestField(String label) {
        super(label);
    }

    /// Returns how many octets there must be at least, at a place behind all fields before it.
    int octetsMin(RdataOctets in) {
        return 0;
    }

    @Override
    final boolean check(RdataOctets in) {
        if (!in.has(octetsMin(in))) {
            return false;
        }
        in.skipAll();
        return true;
    }
}
