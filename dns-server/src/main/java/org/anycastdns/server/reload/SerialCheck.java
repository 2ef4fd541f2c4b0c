package org.anycastdns.server.reload;

import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.change.ContentHash;

/// Checks whether secondaries and operators would notice a new version of a zone. If the content
/// has changed, the serial has to be greater than before (RFC 1982 section 3.2).
final class SerialCheck {

    private SerialCheck() {}

    /// Returns what is wrong with the serial of a new version; empty if it is right.
    static String objection(Zone before, Zone after) {
        int old = before.serial();
        int now = after.serial();
        if (now == old) {
            return same(before, after)
                    ? ""
                    : "the content has changed but the serial is still %s: secondaries do not notice; raise the serial with every change"
                            .formatted(Integer.toUnsignedString(now));
        }
        return isGreater(now, old)
                ? ""
                : "the serial went back from %s to %s: secondaries keep their version until the serial is greater again (RFC 1982)"
                        .formatted(Integer.toUnsignedString(old), Integer.toUnsignedString(now));
    }

    /// Returns whether two versions have the same records. Images that may change can differ
    /// although their records do not: by their changes, and by marks of changes.
    private static boolean same(Zone before, Zone after) {
        boolean change = before.hasRoom() || after.hasRoom();
        return before.sameContent(after)
                || (change && ContentHash.of(before).equals(ContentHash.of(after)));
    }

    /// Returns whether a serial is greater than another one. If they are exactly half the number
    /// space apart, neither is greater.
    static boolean isGreater(int serial, int than) {
        int ahead = serial - than;
        return ahead > 0;
    }
}
