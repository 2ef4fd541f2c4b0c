package org.anycastdns.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Queries a server at a fixed rate and reports the result (`benchmarks load`).
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends queries at a fixed rate, whether or not they are answered. Reports how many"
                    + " answers were right and in time, and how long they took.",
            "Needs Linux, and a core for itself (taskset)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, whatever the result",
            "1:a file or the server could not be reached",
            "2:the command line or a file is wrong"
        })
public final class LoadCommand implements Callable<Integer> {

    private static final double NANOS = 1e9;

    @Spec private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "ADDRESS",
            required = true,
            description = "The server's IP address.")
    private String server;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "53",
            description = "Its port, default ${DEFAULT-VALUE}.")
    private int port;

    @Parameters(
            paramLabel = "QUERIES",
            description = "File of queries, \"NAME TYPE\" a line, as dnsperf reads it.")
    private Path file;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Queries a second, default ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "The time that is measured. Default: ${DEFAULT-VALUE}.")
    private double duration;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "The warm-up before it, at the same rate. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Later answers are lost, default ${DEFAULT-VALUE}.")
    private double timeout;

    @Option(
            names = "--ports",
            paramLabel = "N",
            defaultValue = "32",
            description = "Source ports, one for each simulated client. Default: ${DEFAULT-VALUE}.")
    private int ports;

    @Option(
            names = "--edns",
            paramLabel = "OCTETS",
            defaultValue = "1232",
            description = "UDP size of EDNS, 0 for none; default ${DEFAULT-VALUE}.")
    private int edns;

    @Option(names = "--dnssec", description = "Sets DO.")
    private boolean dnssec;

    @Option(
            names = "--expect",
            paramLabel = "FILE",
            description = {
                "A file of expected answers: a line \"RCODE ANCOUNT\" for each query.",
                "An answer that differs counts as lost."
            })
    private @Nullable Path expect;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Only asks each query once and writes such a file.")
    private @Nullable Path record;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "10",
            description = "Compares one in N answers, default ${DEFAULT-VALUE}.")
    private int sample;

    @Option(names = "--json", description = "Reports in JSON.")
    private boolean json;

    @SuppressWarnings("NullAway.Init")
    LoadCommand() {}

    /// Runs only this command.
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        try {
            return run();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            System.err.println("benchmarks load: " + e);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int run() throws IOException {
        Plan plan =
                new Plan(
                        new InetSocketAddress(InetAddress.ofLiteral(server), port),
                        rate,
                        seconds(warmUp),
                        seconds(duration),
                        seconds(timeout),
                        ports,
                        sample);
        QuerySet queries;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            queries = QuerySet.read(file.toString(), lines, new QuerySet.Edns(edns, dnssec));
        }
        Path recorded = record;
        if (recorded != null) {
            try (Writer to = Files.newBufferedWriter(recorded, StandardCharsets.US_ASCII)) {
                Expectations.record(plan.server(), queries).write(to);
            }
            return CommandLine.ExitCode.OK;
        }
        Expectations expectations = expectations(queries.size());
        try (Generator generator = new Generator(plan, queries, expectations)) {
            Report report = generator.run();
            System.out.print(json ? report.json() : report.text());
        }
        System.out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Expectations expectations(int queries) throws IOException {
        Path from = expect;
        if (from == null) {
            return Expectations.none(queries);
        }
        try (BufferedReader lines = Files.newBufferedReader(from)) {
            return Expectations.read(from.toString(), lines, queries);
        }
    }

    private static Duration seconds(double number) {
        return Duration.ofNanos((long) (number * NANOS));
    }
}
