package org.anycastdns.announcer.driver;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.message.Addresses;

/// Tells of connections from addresses that are no neighbors: the first at once, then once a
/// minute, so that a port scan does not fill the log. Thread-safe.
final class Strangers {

    /// The minimum time between two lines.
    static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long untold;
    private long toldNanos;
    private boolean told;

    /// Returns the line about another connection, if it is time for one.
    ///
    /// @param nowNanos the time on a monotonic clock
    synchronized Optional<String> line(InetAddress from, long nowNanos) {
        if (told && nowNanos - toldNanos < QUIET_NANOS) {
            untold++;
            return Optional.empty();
        }
        String line = "refused a BGP connection from " + Addresses.text(from) + ": no neighbor";
        String more = untold == 0 ? "" : "; " + untold + " more since the last line";
        told = true;
        toldNanos = nowNanos;
        untold = 0;
        return Optional.of(line + " has this address" + more);
    }
}
