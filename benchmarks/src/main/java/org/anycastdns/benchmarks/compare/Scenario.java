package org.anycastdns.benchmarks.compare;

import java.util.Locale;

/// A scenario: the zones that are served and the queries for them.
public enum Scenario {
    /// The least work that a server can have.
    SMALL("One small zone", "hosts of one zone, every tenth name does not exist"),
    /// A zone that does not fit in any processor cache.
    TLD("A TLD of 1,000,000 delegations", "70 % of the names exist, uniformly drawn"),
    /// Random names, as in an attack.
    NXDOMAIN("NXDOMAIN flood on the TLD", "no name exists"),
    /// Signatures and proofs of nonexistence.
    SIGNED("A signed zone, DO set", "NSEC3, ECDSA; 70 % of the names exist"),
    /// The zones of a hosting provider.
    ZONES("100,000 zones", "70 % of the names are in a zone, popular ones more often");

    /// The zones that are served. Scenarios with the same zones are measured on the same running
    /// servers.
    public enum Zones {
        /// One zone of a hundred hosts.
        SMALL,
        /// The generated TLD.
        TLD,
        /// A signed zone.
        SIGNED,
        /// Many zones of four records each.
        MANY
    }

    private final String title;
    private final String queries;

    Scenario(String title, String queries) {
        this.title = title;
        this.queries = queries;
    }

    /// Returns the zones that are served.
    public Zones zones() {
        return switch (this) {
            case SMALL -> Zones.SMALL;
            case TLD, NXDOMAIN -> Zones.TLD;
            case SIGNED -> Zones.SIGNED;
            case ZONES -> Zones.MANY;
        };
    }

    /// Returns the title for headings.
    public String title() {
        return title;
    }

    /// Returns the description of the queries.
    public String queries() {
        return queries;
    }

    /// Returns whether the queries have DO set.
    public boolean dnssecOk() {
        return this == SIGNED;
    }

    /// Returns the name in options and file names.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
