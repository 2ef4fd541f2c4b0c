package org.anycastdns.server.transfer;

/// What one transfer was.
///
/// @param octets octets of all messages
/// @param records records in all answer sections
/// @param skipped records outside the zone
/// @param millis time from the first request to the last message
public record TransferCounts(int messages, long octets, long records, long skipped, long millis) {}
