package org.anycastdns.server.transfer.update;

/// What a zone may become by updates. An update beyond it is REFUSED and changes nothing.
///
/// @param recordsMax records of the zone
/// @param octetsMax octets of all records, each with its owner and without compression
public record UpdateLimits(long recordsMax, long octetsMax) {

    /// Ten million records, of which a server that changes zones by UPDATE keeps each as an object;
    /// and 100 octets for each, which is more than the average of any zone known.
    public static final UpdateLimits DEFAULT = new UpdateLimits(10_000_000, 1_000_000_000);
}
