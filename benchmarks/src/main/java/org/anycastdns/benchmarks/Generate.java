package org.anycastdns.benchmarks;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.benchmarks.workload.Queries;
import org.anycastdns.benchmarks.workload.QueryMix;
import org.anycastdns.benchmarks.workload.SmallZoneQueries;
import org.anycastdns.benchmarks.workload.SmallZones;
import org.anycastdns.benchmarks.workload.TldQueries;
import org.anycastdns.benchmarks.workload.TldZone;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Generates zones and queries from a seed (`benchmarks generate`). The same options always give
/// the same output.
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "tld|zones|queries",
        description =
                "Generates a zone, many zones, or queries for them. The same seed gives the same"
                        + " result.")
final class Generate {

    private static final String STANDARD_OUTPUT = "-";
    private static final int BUFFER_CHARACTERS = 1 << 16;

    @Spec private CommandLine.Model.CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Generate() {}

    /// Writes the output of a command.
    @FunctionalInterface
    private interface Text {
        void write(Writer to) throws IOException;
    }

    /// The `--seed` option of the commands that generate zones.
    static final class SeedOption {
        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "The seed of all random numbers. Default: ${DEFAULT-VALUE}.")
        private long value;
    }

    @Command(
            name = "tld",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Writes the zone \"test.\" of a top-level domain as a master file:",
                "1,000,000 delegations are about 2.45 million records in 99 MB."
            })
    int tld(
            @Option(
                            names = "--delegations",
                            paramLabel = "N",
                            defaultValue = "1000000",
                            description = "How many delegations, default ${DEFAULT-VALUE}.")
                    int delegations,
            @CommandLine.Mixin SeedOption seed,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            defaultValue = STANDARD_OUTPUT,
                            description = "The file; dns-server needs test.zone. Default: stdout.")
                    String output) {
        return checked(() -> write(output, new TldZone(delegations, seed.value)::write));
    }

    @Command(
            name = "zones",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Writes many zones of four records each into a folder.")
    int zones(
            @Option(
                            names = "--count",
                            paramLabel = "N",
                            defaultValue = "100000",
                            description = "How many zones, default ${DEFAULT-VALUE}.")
                    int count,
            @CommandLine.Mixin SeedOption seed,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "DIR",
                            required = true,
                            description = "The folder. It is created if it does not exist.")
                    Path folder) {
        return checked(() -> {
            SmallZones zones = new SmallZones(count, seed.value);
            Files.createDirectories(folder);
            for (int i = 0; i < count; i++) {
                int index = i;
                String file = folder.resolve(zones.fileName(i)).toString();
                write(file, to -> zones.write(index, to));
            }
        });
    }

    /// The kind of zones that queries are generated for.
    enum Of {
        /// The zone that `generate tld` writes.
        TLD,
        /// The zones that `generate zones` writes.
        ZONES
    }

    /// The options of `generate queries`.
    static final class Asked {
        @Option(
                names = "--of",
                paramLabel = "tld|zones",
                defaultValue = "tld",
                description = "What \"generate\" made, default ${DEFAULT-VALUE}.")
        private Of of = Of.TLD;

        @Option(
                names = {"--delegations", "--zones"},
                paramLabel = "N",
                description = "The same as for the zone or zones, default 1000000 or 100000.")
        private int size;

        @Option(
                names = "--zone-seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "The zone's or zones' --seed, default ${DEFAULT-VALUE}.")
        private long zoneSeed;

        @Option(
                names = "--count",
                paramLabel = "N",
                defaultValue = "1000000",
                description = "How many queries, default ${DEFAULT-VALUE}.")
        private int count;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Where the queries come from, default ${DEFAULT-VALUE}.")
        private long seed;

        @Option(
                names = "--hits",
                paramLabel = "SHARE",
                defaultValue = "0.7",
                description = "Names that exist, 0 to 1, default ${DEFAULT-VALUE}.")
        private double hits;

        @Option(
                names = "--zipf",
                paramLabel = "S",
                defaultValue = "0.9",
                description =
                        "Their popularity by Zipf's law; 0 is uniform; default ${DEFAULT-VALUE}.")
        private double zipf;

        @Option(
                names = "--below",
                paramLabel = "SHARE",
                defaultValue = "0.6",
                description = "Names below a delegation or apex, default ${DEFAULT-VALUE}.")
        private double below;

        private Queries queries() {
            QueryMix mix = new QueryMix(hits, zipf, below, 0);
            return switch (of) {
                case TLD ->
                        new TldQueries(
                                new TldZone(size == 0 ? 1_000_000 : size, zoneSeed), mix, seed);
                case ZONES ->
                        new SmallZoneQueries(
                                new SmallZones(size == 0 ? 100_000 : size, zoneSeed), mix, seed);
            };
        }
    }

    @Command(
            name = "queries",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Writes queries in dnsperf's format, \"NAME TYPE\" a line.",
                "To set DO, use dnsperf -D."
            })
    int queries(
            @CommandLine.Mixin Asked asked,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            defaultValue = STANDARD_OUTPUT,
                            description = "The file; default stdout.")
                    String output) {
        return checked(() -> {
            Queries queries = asked.queries();
            write(
                    output,
                    to -> {
                        for (int i = 0; i < asked.count; i++) {
                            to.append(queries.next().line()).append('\n');
                        }
                    });
        });
    }

    /// The body of a command, which may fail to write.
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /// Runs a command. Numbers that are out of range are reported as command-line errors.
    private int checked(Work work) {
        try {
            work.run();
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            System.err.println("benchmarks generate: cannot write: " + e);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static void write(String output, Text text) throws IOException {
        try (OutputStream stream =
                        output.equals(STANDARD_OUTPUT)
                                ? new FileOutputStream(FileDescriptor.out)
                                : Files.newOutputStream(Path.of(output));
                Writer writer =
                        new BufferedWriter(
                                new OutputStreamWriter(stream, StandardCharsets.US_ASCII),
                                BUFFER_CHARACTERS)) {
            text.write(writer);
        }
    }
}
