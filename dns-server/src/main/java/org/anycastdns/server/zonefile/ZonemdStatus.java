package org.anycastdns.server.zonefile;

/// The result of verifying a zone by its ZONEMD records (RFC 8976 section 4).
public enum ZonemdStatus {
    /// A digest matches the zone.
    VERIFIED,
    /// A supported digest does not match the zone, or has another serial.
    MISMATCH,
    /// All records have an unknown scheme or hash algorithm, or share both with another record.
    UNSUPPORTED,
    /// The zone has no ZONEMD record.
    ABSENT,
    /// No verification took place: the zone has errors or comes from an image, or the operator
    /// disabled it.
    UNCHECKED
}
