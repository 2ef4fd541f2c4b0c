package org.anycastdns.server.config;

import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.wire.Name;

/// A zone that arrives by transfer.
public record SecondaryConfig(
        @Option("The name of the zone.") Name zone,
        @Option(
                        value =
                                "The names of its primaries in `remotes`. They are asked in this"
                                        + " order; one that sent NOTIFY is asked first.",
                        min = "1",
                        max = "255",
                        entriesMax = PRIMARIES_MAX)
                List<String> primaries) {

    /// The most zones of a configuration: more than anybody writes by hand.
    static final int ZONES_MAX = 10_000;

    /// The most primaries of a zone. A round asks all of them in the worst case.
    static final int PRIMARIES_MAX = 16;
}
