package org.anycastdns.server.zonefile;

/// What became of the verification of a zone by its ZONEMD records (RFC 8976 section 4).
public enum ZonemdStatus {
    /// A digest matches the zone.
    VERIFIED,
    /// A digest that could be verified does not match the zone, or is of another serial.
    MISMATCH,
    /// There are only records whose scheme or hash algorithm is unknown, or that stand twice.
    UNSUPPORTED,
    /// The zone has no ZONEMD record.
    ABSENT,
    /// Nothing was verified: the zone has errors, comes out of an image, or the operator wants it
    /// so.
    UNCHECKED
}
