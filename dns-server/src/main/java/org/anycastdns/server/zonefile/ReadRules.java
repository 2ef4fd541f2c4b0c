package org.anycastdns.server.zonefile;

import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// The operator's rules for reading zone files; they apply to every zone of a server.
///
/// @param policy severity of contradictions between the records of a zone
/// @param zonemd treatment of a zone that its ZONEMD records do not verify
/// @param names which file of the zone folder contains which zone
/// @param includes folder in the zone folder whose files every zone may include; empty for none
/// @param budget limits on the cost of zones
public record ReadRules(
        ZonePolicy policy,
        ZonemdPolicy zonemd,
        ZoneFileNames names,
        String includes,
        Budget budget) {

    /// The default rules, without limits.
    public static final ReadRules DEFAULT =
            new ReadRules(
                    ZonePolicy.STRICT,
                    ZonemdPolicy.WARN,
                    ZoneFileNames.DEFAULT,
                    "",
                    Budget.UNLIMITED);

    /// Returns the same rules with another policy.
    public ReadRules with(ZonePolicy other) {
        return new ReadRules(other, zonemd, names, includes, budget);
    }

    /// Returns the same rules with another treatment of ZONEMD records.
    public ReadRules with(ZonemdPolicy other) {
        return new ReadRules(policy, other, names, includes, budget);
    }

    /// Returns the same rules with other file names.
    public ReadRules with(ZoneFileNames other) {
        return new ReadRules(policy, zonemd, other, includes, budget);
    }

    /// Returns the same rules with other limits.
    public ReadRules within(Budget other) {
        return new ReadRules(policy, zonemd, names, includes, other);
    }
}
