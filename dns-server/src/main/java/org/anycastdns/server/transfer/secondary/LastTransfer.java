package org.anycastdns.server.transfer.secondary;

import java.time.Instant;

/// The last transfer of a zone.
///
/// @param kind `axfr` or `ixfr`
/// @param primary where it came from
/// @param octets octets of all messages
/// @param millis from the first request to the last message
/// @param buildMillis from then on until the version was ready to serve
public record LastTransfer(
        String kind, String primary, Instant at, long octets, long millis, long buildMillis) {}
