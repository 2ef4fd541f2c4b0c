package org.anycastdns.announcer.message;

/// Where a route came from (RFC 4271 section 5.1.1); the ordinal is the value on the wire.
public enum Origin {
    IGP,
    EGP,
    INCOMPLETE
}
