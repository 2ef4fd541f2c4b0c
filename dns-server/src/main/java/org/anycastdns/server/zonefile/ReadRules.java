package org.anycastdns.server.zonefile;

/// What the operator decides about reading zone files; the same for every zone of a server.
///
/// @param policy how severe contradictions between the records of a zone are
/// @param zonemd what is done about a zone that its ZONEMD records do not verify
public record ReadRules(ZonePolicy policy, ZonemdPolicy zonemd) {

    /// The rules of a server whose configuration says nothing about them.
    public static final ReadRules DEFAULT = new ReadRules(ZonePolicy.STRICT, ZonemdPolicy.WARN);
}
