package org.anycastdns.benchmarks.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.anycastdns.benchmarks.compare.Scenario;
import picocli.CommandLine.Option;

/// The options of `benchmarks compare`; picocli fills them in.
final class CompareOptions {

    /// The groups of metrics that `--measure` selects.
    enum Figures {
        /// Throughput under floods, and the highest rate without loss.
        THROUGHPUT,
        /// Latency at steady load, and CPU time per response.
        LATENCY,
        /// Queries over persistent connections, and connections per second.
        TCP,
        /// Zone transfers. They have zones and servers of their own.
        TRANSFER
    }

    /// Five changes of a hundred records each must find other records.
    private static final int NAMES_MIN = 1_000;

    /// The prepared messages of so many are half a gigabyte.
    private static final int NAMES_MAX = 10_000_000;

    /// The most zones that a configuration of this project's server may list.
    private static final int RESTART_ZONES_MAX = 10_000;

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "small,tld,nxdomain,signed,zones",
            description = "What is measured, default ${DEFAULT-VALUE}.")
    List<Scenario> scenarios = List.of();

    @Option(
            names = "--servers",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "ours,knot,nsd,bind,powerdns",
            description = "The servers to measure. Default: ${DEFAULT-VALUE}.")
    List<String> servers = List.of();

    @Option(
            names = "--server",
            paramLabel = "NAME=COMMAND",
            description = {
                "One more server, such as a newer or tuned build, that stays in the foreground.",
                "COMMAND may contain {address}, {port}, {folder}, {zones} (a folder of ORIGIN.zone"
                        + " files), and the configuration files {knot.conf}, {nsd.conf},"
                        + " {named.conf} and {pdns.conf}."
            })
    List<String> others = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often everything is measured, default ${DEFAULT-VALUE}.")
    int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Time of one measurement, default ${DEFAULT-VALUE}.")
    double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description =
                    "Load before anything counts, for each server and scenario, by UDP and by"
                            + " TCP, default ${DEFAULT-VALUE}.")
    double warmUpSeconds;

    @Option(
            names = "--measure",
            split = ",",
            paramLabel = "WHAT",
            defaultValue = "throughput,latency,tcp",
            description = {
                "Which figures are taken, default ${DEFAULT-VALUE}.",
                "Latency alone looks for the rates in the first round only, so that there is"
                        + " time for long windows.",
                "'transfer' stands alone: transfers of ours, Knot, NSD and BIND as secondary and"
                        + " as primary. It writes transfer.md and transfer.json."
            })
    private Set<Figures> figures = Set.of();

    @Option(
            names = "--names",
            split = ",",
            paramLabel = "N",
            defaultValue = "10000,100000,1000000",
            description = "Delegations of the transferred zones, default ${DEFAULT-VALUE}.")
    List<Integer> names = List.of();

    @Option(
            names = "--restart-zones",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Zones of the restart without a primary, 0 for no restart, default"
                            + " ${DEFAULT-VALUE}.")
    int restartZones;

    @Option(
            names = "--server-core",
            paramLabel = "N",
            defaultValue = "0",
            description = "Core of the servers, default ${DEFAULT-VALUE}.")
    int serverCore;

    @Option(
            names = "--generator-core",
            paramLabel = "N",
            defaultValue = "1",
            description = "Core of the generators, default ${DEFAULT-VALUE}.")
    int generatorCore;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The folder for the results. Default: benchmarks/results/DATE.")
    Path output = Path.of("");

    /// Checks what picocli does not check.
    ///
    /// @throws IllegalArgumentException if an option is out of range; the message says which
    void check() {
        require(rounds >= 1 && rounds <= 100, "--rounds takes 1 to 100");
        require(seconds >= 0.2 && seconds <= 300, "--seconds takes 0.2 to 300");
        require(warmUpSeconds >= 0 && warmUpSeconds <= 300, "--warm-up takes 0 to 300");
        require(
                !measures(Figures.TRANSFER) || figures.size() == 1,
                "--measure transfer stands alone");
        require(
                names.stream().allMatch(each -> each >= NAMES_MIN && each <= NAMES_MAX),
                "--names takes %d to %d".formatted(NAMES_MIN, NAMES_MAX));
        require(
                restartZones >= 0 && restartZones <= RESTART_ZONES_MAX,
                "--restart-zones takes 0 to " + RESTART_ZONES_MAX);
        require(serverCore != generatorCore, "the server and the generator need a core each");
        int cores = Runtime.getRuntime().availableProcessors();
        require(
                cores > Math.max(serverCore, generatorCore) || cores == 1,
                "there are only " + cores + " cores");
    }

    private static void require(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /// Returns whether a group of metrics is selected.
    boolean measures(Figures what) {
        return figures.contains(what);
    }
}
