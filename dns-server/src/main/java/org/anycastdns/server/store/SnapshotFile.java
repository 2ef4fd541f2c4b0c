package org.anycastdns.server.store;

/// A file with all records of one version of a large zone.
///
/// @param number tells its name; never used twice
/// @param octets its size
/// @param checksum the CRC-32C of its octets
/// @param records how many records it has
record SnapshotFile(long number, long octets, int checksum, int records) {

    private static final String SUFFIX = ".zone";

    String name() {
        return "%016x%s".formatted(number, SUFFIX);
    }

    /// Returns whether a file has a name as these have, or as they have while they are written.
    static boolean isNameOf(String name) {
        return name.matches("[0-9a-f]{16}\\.zone(\\.new)?");
    }

    /// Returns the name while it is written.
    String newName() {
        return name() + ".new";
    }
}
