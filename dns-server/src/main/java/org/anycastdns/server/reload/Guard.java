package org.anycastdns.server.reload;

/// Tells an accident from a change: an empty disk, a broken generator or a wrong folder makes zones
/// or records vanish by the dozen. What looks like one has to be asked for with force.
final class Guard {

    private Guard() {}

    /// Whether a zone would lose more than half of its records.
    static boolean dropsRecords(int before, int after) {
        return after * 2L < before;
    }

    /// Whether the set would lose more than half of its zones. A single one may always go, for
    /// whoever removes one file means it.
    static boolean dropsZones(int before, int removed) {
        return removed > 1 && removed * 2L > before;
    }
}
