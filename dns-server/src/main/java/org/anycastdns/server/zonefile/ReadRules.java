package org.anycastdns.server.zonefile;

/// What the operator decides about reading zone files; the same for every zone of a server.
///
/// @param policy how severe contradictions between the records of a zone are
/// @param zonemd what is done about a zone that its ZONEMD records do not verify
/// @param names which file of the folder holds which zone
/// @param includes folder in the zone folder whose files every zone may include; empty for none
/// @param budget what zones may cost at most
public record ReadRules(
        ZonePolicy policy,
        ZonemdPolicy zonemd,
        ZoneFileNames names,
        String includes,
        Budget budget) {

    /// The rules of a server whose configuration says nothing about them, without limits.
    public static final ReadRules DEFAULT =
            new ReadRules(
                    ZonePolicy.STRICT,
                    ZonemdPolicy.WARN,
                    ZoneFileNames.DEFAULT,
                    "",
                    Budget.UNLIMITED);

    /// The same rules with another policy.
    public ReadRules with(ZonePolicy other) {
        return new ReadRules(other, zonemd, names, includes, budget);
    }

    /// The same rules with another treatment of ZONEMD records.
    public ReadRules with(ZonemdPolicy other) {
        return new ReadRules(policy, other, names, includes, budget);
    }

    /// The same rules for files that are called otherwise.
    public ReadRules with(ZoneFileNames other) {
        return new ReadRules(policy, zonemd, other, includes, budget);
    }

    /// The same rules with other limits.
    public ReadRules within(Budget other) {
        return new ReadRules(policy, zonemd, names, includes, other);
    }
}
