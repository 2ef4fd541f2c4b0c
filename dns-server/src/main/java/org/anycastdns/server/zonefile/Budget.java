package org.anycastdns.server.zonefile;

import java.time.Duration;

/// Limits on the cost of loading zones. Each limit is checked before the resource is used up.
///
/// @param zoneOctets octets of text of one zone, including all files that it includes
/// @param zoneRecords records of one zone, including those that `$GENERATE` makes
/// @param zoneMemory octets of memory for one zone: for its records while it is read, and for its
///   image afterwards
/// @param allMemory octets of memory for the images of all zones, including replaced images that
///   are still in use
/// @param zoneTime time limit for reading and building a zone; large zones get more
public record Budget(
        long zoneOctets, int zoneRecords, long zoneMemory, long allMemory, Duration zoneTime) {

    /// Default time limit for reading and building a zone: far more than a small zone needs on the
    /// slowest machine.
    public static final Duration ZONE_TIME = Duration.ofSeconds(60);

    /// No limits except the time.
    public static final Budget UNLIMITED =
            new Budget(
                    Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, ZONE_TIME);

    /// Divisor for the memory limit of a zone. While a zone is read, its records take one share;
    /// tables by owner, sorted arrays and encoded sets take the others.
    private static final int RECORD_SHARE = 3;

    /// Returns the octets of memory that the records of one zone may take while they are collected.
    public long recordMemory() {
        return zoneMemory / RECORD_SHARE;
    }
}
