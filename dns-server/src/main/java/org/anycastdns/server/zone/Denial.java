package org.anycastdns.server.zone;

/// How a zone proves that names and types do not exist.
public sealed interface Denial {

    /// The zone is not signed: there is nothing to prove.
    record Unsigned() implements Denial {}

    /// NSEC records in canonical order (RFC 4034 section 4).
    record Nsec(NsecChain chain) implements Denial {}

    /// NSEC3 records in hash order (RFC 5155).
    record Nsec3(Nsec3Chain chain) implements Denial {}
}
