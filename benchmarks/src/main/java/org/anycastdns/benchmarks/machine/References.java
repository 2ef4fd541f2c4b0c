package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Results;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.Expectations;

/// Which responses are right: what another server answers.
final class References {

    /// Responses per scenario that are compared with those of the reference.
    private static final int EXPECTED = 20_000;

    /// Servers that define the right response; the first one that takes part is used.
    private static final List<String> REFERENCES =
            List.of("knot", "nsd", "bind", "powerdns", Contestant.OURS);

    private final Results results;
    private final Map<Scenario, Expectations> expectations = new HashMap<>();

    References(Results results) {
        this.results = results;
    }

    /// Returns the right responses of a scenario. The first call asks a server for them.
    Expectations expected(Scenario scenario, Material.Asked asked, List<RunningServer> servers)
            throws IOException {
        Expectations known = expectations.get(scenario);
        if (known != null) {
            return known;
        }
        RunningServer reference =
                REFERENCES.stream()
                        .flatMap(name ->
                                servers.stream()
                                        .filter(server -> server.contestant().name().equals(name)))
                        .findFirst()
                        .orElse(servers.getFirst());
        results.condition("right is what", reference.contestant().title() + " answers");
        reference.group().thaw();
        try {
            int every = Math.max(1, asked.queries().size() / EXPECTED);
            Expectations recorded =
                    Expectations.record(reference.address(), asked.queries(), every);
            expectations.put(scenario, recorded);
            return recorded;
        } finally {
            reference.group().freeze();
        }
    }
}
