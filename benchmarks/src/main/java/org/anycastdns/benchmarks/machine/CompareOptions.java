package org.anycastdns.benchmarks.machine;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.compare.TransferRow;
import picocli.CommandLine;
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

    /// One zone is there from the beginning, and one in many must be looked at.
    private static final int ZONES_MIN = 10;

    private static final int ZONES_MAX = 1_000_000;

    /// With the fewest names there are not more changes of 200 records each.
    private static final int STREAM_NAMES_PER_SECOND = 150;

    private static final int STREAM_SECONDS_MAX = 3_600;

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
                "'transfer' stands alone: how zones arrive and leave by transfer, UPDATE and catalog,"
                        + " with ours, Knot, NSD and BIND. It writes transfer.md and transfer.json,"
                        + " with each limit and whether it is held."
            })
    private Set<Figures> figures = Set.of();

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "ROW",
            converter = RowConverter.class,
            defaultValue = "axfr-in,ixfr,stream,lookup,axfr-out,update,notify,catalog,restart",
            description = "What --measure transfer measures, default ${DEFAULT-VALUE}.")
    List<TransferRow> rows = List.of();

    @Option(
            names = "--long-rounds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "In how many of the rounds the rows stream, lookup, catalog and restart are"
                            + " measured, which take minutes; default ${DEFAULT-VALUE}.")
    int longRounds;

    @Option(
            names = "--names",
            split = ",",
            paramLabel = "N",
            defaultValue = "10000,1000000",
            description = {
                "Delegations of the transferred zones, default ${DEFAULT-VALUE}.",
                "The rows stream and lookup take the largest zone only."
            })
    List<Integer> names = List.of();

    @Option(
            names = "--zones",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Zones of the rows catalog and restart, default ${DEFAULT-VALUE}.")
    int zones;

    @Option(
            names = "--stream-seconds",
            paramLabel = "N",
            defaultValue = "600",
            description =
                    "How long the row stream sends a change each second, default ${DEFAULT-VALUE}.")
    int streamSeconds;

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
                zones >= ZONES_MIN && zones <= ZONES_MAX,
                "--zones takes %d to %d".formatted(ZONES_MIN, ZONES_MAX));
        require(longRounds >= 1 && longRounds <= 100, "--long-rounds takes 1 to 100");
        int seconds =
                Math.min(STREAM_SECONDS_MAX, Collections.max(names) / STREAM_NAMES_PER_SECOND);
        require(
                !measures(Figures.TRANSFER)
                        || !rows.contains(TransferRow.STREAM)
                        || (streamSeconds >= 1 && streamSeconds <= seconds),
                "--stream-seconds takes 1 to %d with so many names".formatted(seconds));
        require(serverCore != generatorCore, "the server and the generator need a core each");
        int cores = Runtime.getRuntime().availableProcessors();
        require(
                cores > Math.max(serverCore, generatorCore) || cores == 1,
                "there are only " + cores + " cores");
    }

    /// Reads the name of a row.
    static final class RowConverter implements CommandLine.ITypeConverter<TransferRow> {

        @Override
        public TransferRow convert(String text) {
            try {
                return TransferRow.of(text);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
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
