package org.anycastdns.server.zone.change;

/// Decides when a zone with an overlay is built anew in the background, and when changes must wait
/// for that build. A build costs as much as the whole zone, so it must be rare; an overlay takes
/// memory and makes lookups slower, so it must be small.
///
/// @param mergeNames share of the names of the base that may change before a build begins, 0 to 1
/// @param waitNames share of them from which on changes wait, more than `mergeNames`
/// @param mergeRoom share of the room for changes that may be used before a build begins, 0 to 1
/// @param waitRoom share of it from which on changes wait, more than `mergeRoom`
public record MergePolicy(double mergeNames, double waitNames, double mergeRoom, double waitRoom) {

    /// The policy for service. Four times as many names may change during a build as before it, and
    /// an eighth of the names is what the room is made for.
    public static final MergePolicy USUAL = new MergePolicy(1.0 / 32, 1.0 / 8, 0.5, 0.875);

    /// Checks the order of the shares.
    public MergePolicy {
        if (!(mergeNames < waitNames) || !(mergeRoom < waitRoom)) {
            throw new IllegalArgumentException("changes must not wait before a build begins");
        }
    }

    /// What to do next.
    public enum Decision {
        /// Changes go on; no build is necessary.
        APPLY,
        /// Changes go on while the zone is built anew.
        MERGE,
        /// Changes wait until the zone is built anew. The newest version is asked for then, so that
        /// one change has all of them.
        WAIT
    }

    /// Decides for a version of a zone.
    public Decision decide(ChangingZone zone) {
        return decide(zone.overlaidNames(), zone.baseNames(), zone.roomUsed());
    }

    /// Decides by numbers.
    ///
    /// @param overlaid number of names that differ from the base
    /// @param names number of names of the base
    /// @param roomUsed share of the room for changes that is used, 0 to 1
    Decision decide(int overlaid, int names, double roomUsed) {
        if (overlaid == 0 && roomUsed < waitRoom) {
            return Decision.APPLY;
        }
        if (overlaid >= waitNames * names || roomUsed >= waitRoom) {
            return Decision.WAIT;
        }
        boolean merge = overlaid >= mergeNames * names || roomUsed >= mergeRoom;
        return merge ? Decision.MERGE : Decision.APPLY;
    }
}
