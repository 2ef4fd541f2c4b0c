package org.anycastdns.server.transfer.secondary;

import java.time.Instant;

/// The last transfer of a zone.
///
/// @param kind `axfr` or `ixfr`
/// @param primary where it came from
/// @param cause why the primary was asked
/// @param octets octets of all messages
/// @param millis from the first request to the last message
/// @param buildMillis from then on until the version was ready to serve
public record LastTransfer(
        String kind,
        String primary,
        String cause,
        Instant at,
        long octets,
        long millis,
        long buildMillis) {

    /// Returns how fast it came, in octets per second.
    public long octetsPerSecond() {
        return octets * 1_000 / Math.max(1, millis);
    }
}
