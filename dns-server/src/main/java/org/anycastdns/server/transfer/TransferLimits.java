package org.anycastdns.server.transfer;

/// What one transfer may cost.
///
/// @param octetsMax octets of all messages together
/// @param recordsMax records of all messages together
/// @param memoryMax octets of memory for the records of a whole zone
/// @param versionsMax versions in one IXFR; more become an AXFR
/// @param changesMax octets of one IXFR, normally those of the zone; more become an AXFR
/// @param totalMillis time for everything, from the first request on
/// @param idleMillis time between two messages
public record TransferLimits(
        long octetsMax,
        long recordsMax,
        long memoryMax,
        int versionsMax,
        long changesMax,
        long totalMillis,
        long idleMillis) {

    /// Limits that suit zones of any size: two hours as in BIND, and a minute of silence.
    public static final TransferLimits DEFAULT =
            new TransferLimits(
                    64L << 30,
                    2_000_000_000L,
                    Long.MAX_VALUE,
                    1_000,
                    Long.MAX_VALUE,
                    7_200_000L,
                    60_000L);
}
