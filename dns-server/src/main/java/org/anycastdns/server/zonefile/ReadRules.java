package org.anycastdns.server.zonefile;

/// What the operator decides about reading zone files; the same for every zone of a server.
///
/// @param policy how severe contradictions between the records of a zone are
/// @param names which file of the folder holds which zone
public record ReadRules(ZonePolicy policy, ZoneFileNames names) {

    /// The rules of a server whose configuration says nothing about them.
    public static final ReadRules DEFAULT = new ReadRules(ZonePolicy.STRICT, ZoneFileNames.DEFAULT);

    /// The same rules for files that are called otherwise.
    public ReadRules named(ZoneFileNames other) {
        return new ReadRules(policy, other);
    }
}
