package org.anycastdns.benchmarks.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the JMH benchmarks and checks their limits (`benchmarks micro`).
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the stages of one answer with JMH, over names of a generated TLD, and checks"
                    + " their limits: no answer allocates, and referral and NXDOMAIN take at most"
                    + " 500 ns.",
            "For all of JMH's options: java -jar benchmarks/target/benchmarks.jar"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:within the limits",
            "1:outside the limits, or the measurement failed",
            "2:the command line is wrong"
        })
public final class MicroCommand implements Callable<Integer> {

    static final String ALLOCATED = "gc.alloc.rate.norm";

    /// In bytes per response. The profiler divides the allocation of the whole JVM by the number of
    /// responses, so it is never exactly zero.
    private static final double OCTETS_MAX = 0.1;

    private static final double NANOS_MAX = 500;
    private static final List<String> FREQUENT = List.of("REFERRAL", "NXDOMAIN");

    @Option(
            names = "--delegations",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many delegations the zone has. Default: ${DEFAULT-VALUE}.")
    private int delegations;

    @Option(
            names = "--changed",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many delegations have changed since the zone was built, as by an IXFR."
                            + " Default: ${DEFAULT-VALUE}.")
    private int changed;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "Time of an iteration, 8 for each figure; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--only",
            paramLabel = "STAGE",
            description = "parse, lookup, respond or batch; default all.")
    private String only = ".*";

    @SuppressWarnings("NullAway.Init")
    MicroCommand() {}

    @Override
    public Integer call() {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(AnswerBenchmark.class.getSimpleName() + "." + only + "$")
                        .param("delegations", "" + delegations)
                        .param("changed", "" + changed)
                        .addProfiler(GCProfiler.class)
                        .warmupTime(TimeValue.seconds(seconds))
                        .measurementTime(TimeValue.seconds(seconds))
                        .shouldFailOnError(true)
                        .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC");
        try {
            List<String> broken = broken(new Runner(options.build()).run());
            broken.forEach(System.err::println);
            return broken.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (RunnerException e) {
            System.err.println("benchmarks micro: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static List<String> broken(Collection<RunResult> results) {
        List<String> broken = new ArrayList<>();
        for (RunResult result : results) {
            String stage = result.getPrimaryResult().getLabel();
            String kind = result.getParams().getParam("kind");
            String name = stage + " " + kind + " " + result.getParams().getParam("drawn");
            double nanos = result.getPrimaryResult().getScore();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            if (allocated == null || allocated.getScore() > OCTETS_MAX) {
                broken.add(name + " allocates: " + allocated);
            }
            if (FREQUENT.contains(kind) && nanos > NANOS_MAX) {
                broken.add(String.format(Locale.ROOT, "%s takes %.0f ns", name, nanos));
            }
        }
        return broken;
    }
}
