package org.anycastdns.announcer.health;

/// The state of the zones as the responder reports it. A problem here may exist at every site at
/// once.
///
/// @param stale how many zones are not served in their newest version
/// @param staleExample the first of them and the reason; empty when there is none
/// @param signatureSeconds the seconds until the first signature of any zone expires, negative when
///   it has; Long.MAX_VALUE without signatures
/// @param signatureZone the zone with that signature; empty without signatures
public record Report(int stale, String staleExample, long signatureSeconds, String signatureZone) {

    /// A report without problems.
    public static final Report GOOD = new Report(0, "", Long.MAX_VALUE, "");
}
