package org.anycastdns.server.transfer;

/// How one serial relates to another (RFC 1982 section 3.2).
public enum SerialOrder {
    EQUAL,
    NEWER,
    OLDER,
    /// The serials are 2^31 apart: neither is newer.
    UNDEFINED;

    /// Returns how a serial relates to another one, both unsigned numbers in an int.
    public static SerialOrder of(int serial, int other) {
        int difference = serial - other;
        if (difference == Integer.MIN_VALUE) {
            return UNDEFINED;
        }
        return difference == 0 ? EQUAL : difference > 0 ? NEWER : OLDER;
    }
}
