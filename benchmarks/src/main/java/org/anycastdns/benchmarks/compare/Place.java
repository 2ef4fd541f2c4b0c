package org.anycastdns.benchmarks.compare;

import java.util.Map;

/// The place where a server runs.
///
/// @param address IPv4 address to listen on
/// @param port port for UDP and TCP
/// @param folder the server's own folder for configuration and state
/// @param zoneFolder folder with the master files, each named `ORIGIN.zone`
/// @param zones master file by origin; origins have no final dot
/// @param signed whether the zones are signed
public record Place(
        String address,
        int port,
        String folder,
        String zoneFolder,
        Map<String, String> zones,
        boolean signed) {}
