package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Checks that a ready server is warm, even on one core that it shares with the JIT compiler.
class WarmUpIT {

    /// Enough for some tenths of a second of CPU time, which is reported in steps of 10 ms.
    private static final int QUERIES = 60_000;

    /// Some seconds, in which a server that was cold at first becomes warm.
    private static final int LATER_ROUNDS = 20;

    /// Above the ratio of a warm server, and below that of one whose warm-up was missing or
    /// incomplete.
    private static final double RATIO_MAX = 2.5;

    private static final String CORES = "Cpus_allowed_list:";

    @Test
    void theFirstAnswersCostWhatLaterOnesDo() throws IOException, InterruptedException {
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", aCore()));
        command.addAll(Server.arguments(Repository.root().resolve("zones"), port, adminPort));
        command.set(command.indexOf("--warm-up") + 1, "30s");
        List<byte[]> queries = IntStream.range(0, QUERIES).mapToObj(WarmUpIT::query).toList();
        try (Program program = Program.start(command)) {
            program.awaitLine("^ready", Server.START_LIMIT);
            long first = cost(program, port, queries);
            List<Long> later = new ArrayList<>();
            for (int round = 0; round < LATER_ROUNDS; round++) {
                later.add(cost(program, port, queries));
            }
            long least = later.stream().min(Long::compare).orElseThrow();
            assertTrue(
                    first <= RATIO_MAX * least,
                    () -> "CPU time, ms: %d, later %s".formatted(first, later));
        }
    }

    /// Returns the CPU time that the process uses for some responses, in milliseconds.
    private static long cost(Program program, int port, List<byte[]> queries) throws IOException {
        long before = cpu(program).toMillis();
        byte[][] answers = UdpClient.ask(port, queries);
        for (byte[] answer : answers) {
            assertTrue(answer.length > 0, "a query was not answered");
        }
        return cpu(program).toMillis() - before;
    }

    private static Duration cpu(Program program) {
        return ProcessHandle.of(program.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    /// Every other name does not exist and is queried once per round.
    private static byte[] query(int index) {
        String name = index % 2 == 0 ? "n" + index + ".example.com." : "ns1.example.com.";
        Name asked = Name.fromConstantString(name);
        return Message.newQuery(Record.newRecord(asked, Type.A, DClass.IN)).toWire();
    }

    /// Returns a core that this process may use.
    private static String aCore() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(CORES))
                .map(line -> line.substring(CORES.length()).strip().split("[-,]", 2)[0])
                .findFirst()
                .orElseThrow();
    }
}
