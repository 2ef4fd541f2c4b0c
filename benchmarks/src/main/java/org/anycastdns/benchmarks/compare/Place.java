package org.anycastdns.benchmarks.compare;

import java.util.Map;

/// Where a server is to run.
///
/// @param address IPv4 address to listen on
/// @param port for UDP and TCP
/// @param folder of its own, for its configuration and state
/// @param zoneFolder with the master files, `ORIGIN.zone` each
/// @param zones origin, without its last dot, to master file
/// @param signed whether the zones hold signatures
public record Place(
        String address,
        int port,
        String folder,
        String zoneFolder,
        Map<String, String> zones,
        boolean signed) {}
