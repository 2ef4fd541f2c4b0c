package org.anycastdns.server.zonefile.problem;

/// The treatment of a zone whose records contradict each other in a way that other authoritative
/// servers refuse, such as a CNAME beside other data.
public enum ZonePolicy {
    /// The zone is refused, as at least two of BIND, NSD and Knot do.
    STRICT,
    /// The zone is served with a warning.
    LENIENT
}
