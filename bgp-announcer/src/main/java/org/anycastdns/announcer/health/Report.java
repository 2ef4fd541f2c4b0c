package org.anycastdns.announcer.health;

/// How the responder's zones are, in its own words; what is wrong here may be wrong at every site
/// at once.
///
/// @param stale how many zones are served in an older version than there is
/// @param staleExample the first of them and why; empty when there is none
/// @param signatureSeconds until the first signature of any zone expires, negative when it has;
///   Long.MAX_VALUE without signatures
/// @param signatureZone the zone with that signature; empty without signatures
public record Report(int stale, String staleExample, long signatureSeconds, String signatureZone) {

    /// Nothing to complain about.
    public static final Report GOOD = new Report(0, "", Long.MAX_VALUE, "");
}
