package org.anycastdns.benchmarks.micro;

import java.io.IOException;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// What the lookup of a referral costs, measured with JMH in a process of its own.
///
/// @param nanos time of a lookup
/// @param octets allocated per lookup
public record LookupCost(double nanos, double octets) {

    private static final int SECONDS = 2;

    /// Measures lookups of uniform names.
    ///
    /// @param delegations how many delegations the zone has
    /// @param changed how many of them have changed since it was built
    /// @throws IOException if JMH fails
    public static LookupCost measure(int delegations, int changed) throws IOException {
        var options =
                new OptionsBuilder()
                        .include(AnswerBenchmark.class.getName() + ".lookup$")
                        .param("kind", Asked.Kind.REFERRAL.name())
                        .param("drawn", Asked.Drawn.UNIFORM.name())
                        .param("delegations", "" + delegations)
                        .param("changed", "" + changed)
                        .addProfiler(GCProfiler.class)
                        .warmupTime(TimeValue.seconds(SECONDS))
                        .measurementTime(TimeValue.seconds(SECONDS))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgs("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC")
                        .build();
        try {
            RunResult result = new Runner(options).runSingle();
            var allocated =
                    Objects.requireNonNull(
                            result.getSecondaryResults().get(MicroCommand.ALLOCATED),
                            "JMH tells no allocation");
            return new LookupCost(result.getPrimaryResult().getScore(), allocated.getScore());
        } catch (RunnerException e) {
            throw new IOException("JMH failed: " + reason(e), e);
        }
    }

    /// Returns the innermost failure. JMH wraps what the benchmark threw, and suppresses it.
    private static Throwable reason(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure.getSuppressed().length > 0) {
            return reason(failure.getSuppressed()[0]);
        }
        return cause == null ? failure : reason(cause);
    }
}
