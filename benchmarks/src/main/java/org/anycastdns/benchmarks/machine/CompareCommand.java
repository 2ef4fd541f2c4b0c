package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.JsonReport;
import org.anycastdns.benchmarks.compare.MarkdownReport;
import org.anycastdns.benchmarks.compare.Metric;
import org.anycastdns.benchmarks.compare.Plot;
import org.anycastdns.benchmarks.compare.Results;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.compare.TransferReport;
import org.anycastdns.benchmarks.compare.TransferResults;
import org.anycastdns.benchmarks.compare.TransferServers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Compares this project's server with its peers under the same load (`benchmarks compare`).
///
/// The command runs twice. The outer run creates the network, the control groups and a folder, and
/// removes them at the end, even after a failure. It starts itself again inside them, on the
/// generator's core and in its namespace. The inner run measures.
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures this project's server, Knot, NSD, BIND, PowerDNS and any other, one after the"
                    + " other on the same core, with the same zones and queries.",
            "Needs root, Linux with two cores, and nothing else running. Writes compare.md,"
                    + " compare.json and pictures."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a measurement failed, or a limit of --measure transfer is missed",
            "2:the command line is wrong, or a program is missing"
        })
public final class CompareCommand implements Callable<Integer> {

    private static final String PREFIX = "benchmarks compare: ";
    private static final String MAIN = "org.anycastdns.benchmarks.Main";
    private static final String GENERATOR_GROUP = "generator";

    /// The JIT compiler shares the generator's core. It may wait; queries that are due may not. The
    /// generator's own priority is not raised, because ksoftirqd, which delivers the responses,
    /// would then wait.
    private static final List<String> COMPILER_BEHIND =
            List.of("-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=1");

    /// The name of an interface has at most 15 characters. After prefix and suffix there is room
    /// for the digits of these IDs.
    private static final int IDS = 10_000_000;

    @Spec private CommandSpec spec;

    @Mixin private CompareOptions options;

    @Option(names = "--inside", hidden = true, paramLabel = "ID")
    private @Nullable String inside;

    @SuppressWarnings("NullAway.Init")
    CompareCommand() {}

    @Override
    public Integer call() {
        try {
            options.check();
            List<Contestant> contestants = contestants();
            String id = inside;
            if (id != null) {
                return measure(id, contestants);
            }
            requirePrograms(contestants);
            return around(contestants);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            System.err.println(PREFIX + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private List<Contestant> contestants() {
        Map<String, Contestant> known = new LinkedHashMap<>();
        Path launcher =
                home().resolve("../dns-server/target/dist/dns-server/bin/dns-server").normalize();
        Contestant ours = Contestant.ours(launcher.toString());
        known.put(ours.name(), ours);
        Contestant.peers().forEach(peer -> known.put(peer.name(), peer));
        Map<String, Contestant> chosen = new LinkedHashMap<>();
        for (String name : options.servers) {
            Contestant contestant = known.get(name);
            if (contestant == null) {
                throw new IllegalArgumentException(
                        "--servers knows %s, not '%s'"
                                .formatted(String.join(", ", known.keySet()), name));
            }
            chosen.put(name, contestant);
        }
        for (String text : options.others) {
            Contestant other = Contestant.other(text);
            if (known.containsKey(other.name()) || chosen.put(other.name(), other) != null) {
                throw new IllegalArgumentException(
                        "there is already a server called " + other.name());
            }
        }
        if (transfers()) {
            return chosen.values().stream().filter(TransferServers::knows).toList();
        }
        List<String> reflector = java();
        reflector.add("reflect");
        Contestant echo = Contestant.echo(reflector);
        chosen.put(echo.name(), echo);
        return List.copyOf(chosen.values());
    }

    private boolean transfers() {
        return options.measures(CompareOptions.Figures.TRANSFER);
    }

    /// Returns the folder of this module, which the launcher sets.
    private static Path home() {
        return Path.of(System.getProperty("anycastdns.benchmarks.home", "benchmarks"))
                .toAbsolutePath()
                .normalize();
    }

    /// Returns a command line that runs this program again.
    private static List<String> java() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ArrayList<>(
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Danycastdns.benchmarks.home=" + home(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MAIN));
    }

    /// Checks that all programs are installed. One message names everything that is missing.
    private void requirePrograms(List<Contestant> contestants) throws IOException {
        Set<String> missing = new LinkedHashSet<>();
        if (!transfers()) {
            for (String[] program : Gauges.programs()) {
                require(program[0], program[1], missing);
            }
            if (options.scenarios.contains(Scenario.SIGNED)) {
                require("dnssec-signzone", "bind9-utils", missing);
            }
        }
        for (Contestant contestant : contestants) {
            require(contestant.program(), contestant.debianPackage(), missing);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", missing) + ". --servers chooses fewer servers.");
        }
        if (!Commands.run("id -u").strip().equals("0")) {
            throw new IllegalArgumentException(
                    "network namespaces, control groups and pinning take root");
        }
    }

    private static void require(String program, String debianPackage, Set<String> missing) {
        if (Commands.find(program).isEmpty()) {
            missing.add(
                    debianPackage.isEmpty()
                            ? program + " is not there (mvn package builds this project's)"
                            : program + " is missing: Debian package " + debianPackage);
        }
    }

    /// Sets up the environment, runs the measurement in it, and removes it again.
    private int around(List<Contestant> contestants) throws IOException {
        String id = String.valueOf(ProcessHandle.current().pid() % IDS);
        Network network = new Network(id);
        Groups groups = new Groups(id);
        Path folder = folder(id);
        Thread cleaner = Thread.ofPlatform().unstarted(() -> remove(network, groups, folder));
        Runtime.getRuntime().addShutdownHook(cleaner);
        Files.createDirectory(folder);
        network.make(contestants.size());
        List<String> line = new ArrayList<>(List.of("taskset", "-c", "" + options.generatorCore));
        line.addAll(java());
        line.addAll(line.size() - 1, COMPILER_BEHIND);
        // The original command line, including the name of this command.
        line.addAll(spec.commandLine().getParseResult().originalArgs());
        line.addAll(List.of("--inside", id));
        Process process =
                new ProcessBuilder(
                                groups.group(GENERATOR_GROUP).inside(network.insideGenerator(line)))
                        .inheritIO()
                        .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Path folder(String id) {
        return Path.of(System.getProperty("java.io.tmpdir"), "anycastdns-compare-" + id);
    }

    /// Ends all processes and removes everything. Reports what it cannot remove.
    private static void remove(Network network, Groups groups, Path folder) {
        List<String> left = new ArrayList<>(groups.remove());
        left.addAll(network.remove());
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException | UncheckedIOException e) {
                left.add("folder " + folder + ": " + e.getMessage());
            }
        }
        left.forEach(each -> System.err.println(PREFIX + "left behind: " + each));
    }

    private int measure(String id, List<Contestant> contestants) throws IOException {
        Results results = new Results();
        conditions(results);
        for (Contestant contestant : contestants) {
            if (!contestant.version().isEmpty()) {
                // PowerDNS 4.7 exits with 99 after it has printed its version.
                results.version(contestant.name(), Commands.ended(contestant.version()).output());
            }
        }
        RunningServer.Site site =
                new RunningServer.Site(new Network(id), new Groups(id), options.serverCore);
        Path output = output();
        Groups groups = site.groups();
        long[] before = Machine.times();
        long ownBefore = groups.cpuMicros();
        Procedure.Finished progress =
                round -> {
                    results.condition("rounds", round + " of " + options.rounds);
                    results.condition("stolen by the host", Machine.stolen(before));
                    results.condition(
                            "busy with something else",
                            Machine.others(groups.cpuMicros() - ownBefore, before));
                };
        if (transfers()) {
            return measureTransfers(site, contestants, folder(id), results, progress, output);
        }
        Steps steps = Steps.in(site.network(), options, results, System.err);
        new Procedure(
                        options,
                        site,
                        contestants,
                        new Material(folder(id)),
                        steps,
                        new References(results))
                .run(round -> {
                    progress.write(round);
                    write(results, contestants, output);
                });
        System.out.println(output.resolve("compare.md"));
        return CommandLine.ExitCode.OK;
    }

    private int measureTransfers(
            RunningServer.Site site,
            List<Contestant> contestants,
            Path folder,
            Results about,
            Procedure.Finished progress,
            Path output)
            throws IOException {
        TransferResults results = new TransferResults();
        TransferReport report = new TransferReport(about, results, titles(contestants));
        about.condition("load average before", Machine.load());
        TransferRun run = new TransferRun(options, site, contestants, folder, results, System.err);
        int failures =
                new TransferProcedure(run, about)
                        .run(round -> {
                            progress.write(round);
                            about.condition("load average at the end", Machine.load());
                            Files.writeString(output.resolve("transfer.md"), report.markdown());
                            Files.writeString(output.resolve("transfer.json"), report.json());
                        });
        List<String> missed = report.missed();
        missed.forEach(each -> System.err.println(PREFIX + "missed: " + each));
        System.err.println(
                PREFIX
                        + "%d limits missed, %d measurements failed"
                                .formatted(missed.size(), failures));
        System.out.println(output.resolve("transfer.md"));
        return missed.isEmpty() && failures == 0
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private static Map<String, String> titles(List<Contestant> contestants) {
        return contestants.stream().collect(Collectors.toMap(Contestant::name, Contestant::title));
    }

    private void conditions(Results results) throws IOException {
        results.condition("date", LocalDate.now(java.time.ZoneOffset.UTC).toString());
        Machine.describe(results);
        String cores =
                "server on core %d, generator on core %d, network namespaces joined by veth"
                        .formatted(options.serverCore, options.generatorCore);
        String seconds = String.format(Locale.ROOT, "%.1f s each measurement, ", options.seconds);
        results.condition("method", transfers() ? cores : seconds + cores);
    }

    private Path output() throws IOException {
        Path chosen = options.output;
        Path output =
                chosen.toString().isEmpty()
                        ? home().resolve("results")
                                .resolve(LocalDate.now(java.time.ZoneOffset.UTC).toString())
                        : chosen;
        return Files.createDirectories(output);
    }

    private static void write(Results results, List<Contestant> contestants, Path output)
            throws IOException {
        Map<String, String> titles = titles(contestants);
        Plot plot = new Plot(results, titles);
        Files.writeString(output.resolve("compare.md"), new MarkdownReport(results, titles).text());
        Files.writeString(output.resolve("compare.json"), JsonReport.text(results));
        for (Scenario scenario : results.scenarios()) {
            Files.writeString(
                    output.resolve(scenario.id() + "-saturation.svg"),
                    plot.bars(scenario, Metric.SATURATION));
            Files.writeString(
                    output.resolve(scenario.id() + "-latency.svg"), plot.latencies(scenario));
        }
    }
}
