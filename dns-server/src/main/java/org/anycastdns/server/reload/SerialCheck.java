package org.anycastdns.server.reload;

import org.anycastdns.server.zone.Zone;

/// Tells whether secondaries and operators would notice a new version of a zone: its serial has to
/// be greater than the one before (RFC 1982 section 3.2) when the content is another.
final class SerialCheck {

    private SerialCheck() {}

    /// What is wrong with the serial of a new version; empty when nothing is.
    static String objection(Zone before, Zone after) {
        int old = before.serial();
        int now = after.serial();
        if (now == old) {
            return before.image().mismatch(after.image()) < 0
                    ? ""
                    : "the content has changed and the serial is still %s: secondaries do not notice; raise it with every change"
                            .formatted(Integer.toUnsignedString(now));
        }
        return isGreater(now, old)
                ? ""
                : "the serial went back from %s to %s: secondaries keep what they have until it is greater again (RFC 1982)"
                        .formatted(Integer.toUnsignedString(old), Integer.toUnsignedString(now));
    }

    /// Whether a serial comes after another one. Of two that are exactly half of all serials apart,
    /// none does.
    static boolean isGreater(int serial, int than) {
        int ahead = serial - than;
        return ahead > 0;
    }
}
