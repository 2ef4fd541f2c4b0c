package org.anycastdns.server.store;

/// How a {@link StateFolder} divides its files, and how much history it keeps.
///
/// @param segmentOctets a segment of the log that is at least as large gets no more entries
/// @param wholeMax a zone that takes more octets of memory gets a snapshot file of its own
/// @param versionsMax versions of a zone that are kept as history at most
/// @param historyMin octets of history that a zone may have even if it is smaller itself
/// @param historyMax octets of history of all zones together at most, about
/// @param stepOctets octets of the oldest segment that one {@link StateFolder#sync} compacts, about
public record StoreLimits(
        int segmentOctets,
        int wholeMax,
        int versionsMax,
        int historyMin,
        long historyMax,
        int stepOctets) {

    /// Segments are written one after the other, so large ones are few files and a fast start; 64
    /// MiB are read in a fraction of a second. A file of its own costs a few milliseconds of fsync,
    /// as writing 1 MiB does. A secondary that is 1,000 versions behind takes the zone as a whole,
    /// and so does one for which the changes are larger than the zone. 16 MiB a second compact
    /// faster than zones change, and hold up nobody for long.
    public static final StoreLimits DEFAULT =
            new StoreLimits(64 << 20, 1 << 20, 1_000, 64 << 10, 256L << 20, 16 << 20);
}
