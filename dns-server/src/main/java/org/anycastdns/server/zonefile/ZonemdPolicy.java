package org.anycastdns.server.zonefile;

/// The treatment of a zone that none of its ZONEMD records verifies (RFC 8976 section 4).
public enum ZonemdPolicy {
    /// The zone is refused.
    VERIFY,
    /// The zone is served with a warning.
    WARN,
    /// No zone is verified.
    IGNORE
}
