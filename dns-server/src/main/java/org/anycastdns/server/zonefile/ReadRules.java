package org.anycastdns.server.zonefile;

/// What the operator decides about reading zone files; the same for every zone of a server.
///
/// @param policy how severe contradictions between the records of a zone are
public record ReadRules(ZonePolicy policy) {

    /// The rules of a server whose configuration says nothing about them.
    public static final ReadRules DEFAULT = new ReadRules(ZonePolicy.STRICT);
}
