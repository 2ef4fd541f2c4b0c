package org.anycastdns.server.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// A zone that arrives by transfer, or a catalog whose zones do (RFC 9432).
public record SecondaryConfig(
        @Option(value = "The name of the zone.", byDefault = Option.ABSENT) @Nullable Name zone,
        @Option(
                        value =
                                "Instead of `zone`: the name of a catalog zone (RFC 9432). Every"
                                        + " zone that it lists is served. The catalog itself is"
                                        + " not.",
                        byDefault = Option.ABSENT)
                @Nullable Name catalog,
        @Option(
                        value =
                                "The names of its primaries in `remotes`. They are asked in this"
                                        + " order; one that sent NOTIFY is asked first.",
                        min = "1",
                        max = "255",
                        entriesMax = PRIMARIES_MAX)
                List<String> primaries,
        @Option(
                        value =
                                "The primaries of the zones that the catalog lists. Without it,"
                                        + " these are the primaries of the catalog.",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "255",
                        entriesMax = PRIMARIES_MAX)
                List<String> membersFrom,
        @Option(
                        value =
                                "What is different for zones of a group (RFC 9432 section 4.3.2),"
                                        + " by the group's name in the catalog. Of several groups"
                                        + " of a zone the first here counts.",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "255")
                Map<String, Group> groups,
        @Option(
                        value =
                                "Whether UPDATEs for the zone are handed on to its primaries, over"
                                        + " TCP or TLS, and their responses back. The key may be"
                                        + " one that only the primary knows. Not for catalogs.",
                        byDefault = "false")
                boolean forwardUpdates) {

    /// The most zones of a configuration: more than anybody writes by hand.
    static final int ZONES_MAX = 10_000;

    /// The most primaries of a zone. A round asks all of them in the worst case.
    static final int PRIMARIES_MAX = 16;

    /// How the zones of one group of a catalog arrive.
    public record Group(
            @Option(
                            value = "The primaries of the zones of this group.",
                            min = "1",
                            max = "255",
                            entriesMax = PRIMARIES_MAX)
                    List<String> primaries) {}

    /// Returns the configuration of a zone that is no catalog.
    static SecondaryConfig of(Name zone, List<String> primaries) {
        return new SecondaryConfig(zone, null, primaries, List.of(), Map.of(), false);
    }

    /// Returns the name of the zone or catalog. Call it on a configuration that was accepted.
    public Name apex() {
        return zone == null ? Objects.requireNonNull(catalog) : zone;
    }
}
