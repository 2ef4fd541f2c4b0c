package org.anycastdns.server.rdata;

/// The algorithm, Host Identity Tag and public key of HIP, with their lengths (RFC 8005 section 5).
final class HipField extends Field {

    private static final int HEADER_OCTETS = 4;

    @Override
    boolean read(RdataReader in) {
        int start = in.end();
        in.put(0, 1);
        if (!in.number(1, 0xff, null)) {
            return false;
        }
        in.put(0, 2);
        int tag = in.end();
        if (!in.hexWord()) {
            return false;
        }
        int key = in.end();
        if (key - tag > 0xff) {
            in.token(in.token() - 1);
            return in.expected("a tag of at most 255 octets");
        }
        if (!in.base64Word()) {
            return false;
        }
        int octets = in.end() - key;
        if (octets == 0 || octets > 0xffff) {
            return in.expected("a public key in base64");
        }
        in.octet(start, key - tag);
        in.octet(start + 2, octets >> 8);
        in.octet(start + 3, octets);
        return true;
    }

    @Override
    boolean check(RdataOctets in) {
        if (!in.has(HEADER_OCTETS)) {
            return false;
        }
        int tag = in.next();
        in.skip(1);
        int key = (int) in.next(2);
        if (tag == 0 || key == 0) {
            return in.refuse("the tag or the key is empty");
        }
        return in.skip(tag + key);
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int tag = in.next();
        to.append(' ').append(in.next()).append(' ');
        int key = (int) in.next(2);
        in.hex(tag, to);
        in.base64(key, to.append(' '));
    }
}
