package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.List;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.Expectations;

/// One server in one scenario.
///
/// @param scenario the scenario
/// @param server the server
/// @param asked the queries
/// @param expected the responses that are right
record Subject(
        Scenario scenario, RunningServer server, Material.Asked asked, Expectations expected) {

    /// Returns the name of the server's program.
    String name() {
        return server.contestant().name();
    }

    /// A step with one server.
    @FunctionalInterface
    interface Step {
        void take(Subject subject) throws IOException;
    }

    /// Takes a step with one server after the other, while the others stand still.
    static void each(List<Subject> subjects, Step step) throws IOException {
        for (Subject subject : subjects) {
            subject.server().group().thaw();
            try {
                step.take(subject);
            } finally {
                subject.server().group().freeze();
            }
        }
    }
}
