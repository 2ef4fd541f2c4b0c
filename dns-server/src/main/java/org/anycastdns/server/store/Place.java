package org.anycastdns.server.store;

/// Where an entry of the log is.
///
/// @param segment number of the segment
/// @param offset in the segment
/// @param octets of the whole entry
record Place(long segment, long offset, int octets) {}
