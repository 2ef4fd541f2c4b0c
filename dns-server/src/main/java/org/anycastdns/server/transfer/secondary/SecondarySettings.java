package org.anycastdns.server.transfer.secondary;

import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.TransferLimits;

/// What all zones from primaries share.
///
/// @param atOnce requests and transfers at the same time
/// @param atOncePerPrimary the same for one address of a primary
/// @param limits what one transfer may cost
/// @param timers bounds for the times in SOA records
public record SecondarySettings(
        int atOnce, int atOncePerPrimary, TransferLimits limits, TimerLimits timers) {

    /// Returns settings with the usual limits: ten at once as in BIND, and less than half of them
    /// for one primary, so that others stay free while one does not answer.
    public static SecondarySettings usual() {
        return new SecondarySettings(10, 4, TransferLimits.DEFAULT, TimerLimits.DEFAULT);
    }
}
