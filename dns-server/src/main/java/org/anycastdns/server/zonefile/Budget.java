package org.anycastdns.server.zonefile;

import java.time.Duration;

/// What zones may cost at most. Each limit is checked before what it limits is used up.
///
/// @param zoneOctets text of one zone with all that it includes
/// @param zoneRecords records of one zone, those that $GENERATE makes too
/// @param zoneMemory octets of memory for one zone: for its records while it is read, for its image
///   afterwards
/// @param allMemory octets of memory for the images of all zones, replaced ones that are still read
///   too
/// @param zoneTime for reading and building a zone; large ones get more
public record Budget(
        long zoneOctets, int zoneRecords, long zoneMemory, long allMemory, Duration zoneTime) {

    /// For reading and building a zone that says nothing else: far more than the slowest machine
    /// takes for a small one.
    public static final Duration ZONE_TIME = Duration.ofSeconds(60);

    /// No limits but the time.
    public static final Budget UNLIMITED =
            new Budget(
                    Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, ZONE_TIME);

    /// Memory that reading a record takes beside the record itself, in parts of that: what stands
    /// in tables by owner, in order, and encoded.
    private static final int RECORD_SHARE = 3;

    /// Octets of memory that the records of one zone may take while they are collected.
    long recordMemory() {
        return zoneMemory / RECORD_SHARE;
    }
}
