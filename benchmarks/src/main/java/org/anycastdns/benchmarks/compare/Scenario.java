package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// Zones, and what is asked of them.
public enum Scenario {
    /// The smallest work a server can have.
    SMALL(Zones.SMALL, "One small zone", "hosts of one zone, every tenth name does not exist"),
    /// A zone that no cache of a processor holds.
    TLD(Zones.TLD, "A TLD of 1,000,000 delegations", "70 % of the names exist, uniformly drawn"),
    /// Random names, as in an attack.
    NXDOMAIN(Zones.TLD, "NXDOMAIN flood on the TLD", "no name exists"),
    /// Signatures and proofs.
    SIGNED(Zones.SIGNED, "A signed zone, DO set", "NSEC3, ECDSA; 70 % of the names exist"),
    /// A hoster.
    ZONES(Zones.MANY, "100,000 zones", "70 % of the names are in a zone, popular ones more often");

    /// What is served; scenarios with the same zones are measured on the same running servers.
    public enum Zones {
        /// One zone of a hundred hosts.
        SMALL,
        /// The generated TLD.
        TLD,
        /// A signed zone.
        SIGNED,
        /// Many zones of four records.
        MANY
    }

    private final Zones zones;
    private final String title;
    private final String queries;

    Scenario(Zones zones, String title, String queries) {
        this.zones = zones;
        this.title = title;
        this.queries = queries;
    }

    /// What is served.
    public Zones zones() {
        return zones;
    }

    /// For headings.
    public String title() {
        return title;
    }

    /// What is asked, in words.
    public String queries() {
        return queries;
    }

    /// Whether the queries have DO set.
    public boolean dnssecOk() {
        return this == SIGNED;
    }

    /// Its name in options and file names.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
