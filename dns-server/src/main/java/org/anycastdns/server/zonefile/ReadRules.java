package org.anycastdns.server.zonefile;

/// What the operator decides about reading zone files; the same for every zone of a server.
///
/// @param policy how severe contradictions between the records of a zone are
/// @param budget what zones may cost at most
/// @param includes folder in the zone folder whose files every zone may include; empty for none
public record ReadRules(ZonePolicy policy, Budget budget, String includes) {

    /// The rules of a server whose configuration says nothing about them.
    public static final ReadRules DEFAULT = new ReadRules(ZonePolicy.STRICT, Budget.UNLIMITED, "");

    /// The same rules with other limits.
    public ReadRules within(Budget other) {
        return new ReadRules(policy, other, includes);
    }
}
