package org.anycastdns.server.zonefile;

/// What is done about a zone with ZONEMD records none of which verifies it (RFC 8976 section 4).
public enum ZonemdPolicy {
    /// It is refused.
    VERIFY,
    /// It is served with a warning.
    WARN,
    /// Nothing is verified.
    IGNORE
}
