package org.anycastdns.lab;

/// A version of a zone, as a server tells it.
///
/// @param serial the serial of its SOA record
/// @param digest the digest of its content, which does not depend on how it arrived; "" if unknown
record ZoneVersion(long serial, String digest) {

    /// How many digits of a digest people are shown.
    private static final int SHORT = 8;

    /// Returns whether a serial comes after another one (RFC 1982 section 3.2).
    static boolean isAfter(long serial, long other) {
        return (int) (serial - other) > 0;
    }

    /// Returns the first digits of the digest, or "-".
    String shortDigest() {
        return digest.isEmpty() ? "-" : digest.substring(0, Math.min(SHORT, digest.length()));
    }

    /// Returns what is different from a wanted version, in words, or "". A digest that one side
    /// does not know is no difference.
    String differenceFrom(ZoneVersion wanted) {
        if (serial != wanted.serial) {
            return "serial " + serial;
        }
        boolean same = digest.isEmpty() || wanted.digest.isEmpty() || digest.equals(wanted.digest);
        return same ? "" : "content " + shortDigest();
    }
}
