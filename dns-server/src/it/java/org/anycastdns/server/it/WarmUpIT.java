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

/// Who is ready is warm: also on one core, which the answers share with the compiler.
class WarmUpIT {

    /// Some tenths of a second of CPU time, which is told in steps of 10 ms.
    private static final int QUERIES = 60_000;

    /// Seconds: also who is not warm at first has come to it then.
    private static final int LATER_ROUNDS = 20;

    /// With the compiler's work left over, or without any warm-up, it is 3.5 to 5; warm up to 1.7.
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

    /// CPU time of the process for some answers, in milliseconds.
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

    /// Every other name does not exist, and is asked for once in a round.
    private static byte[] query(int index) {
        String name = index % 2 == 0 ? "n" + index + ".example.com." : "ns1.example.com.";
        Name asked = Name.fromConstantString(name);
        return Message.newQuery(Record.newRecord(asked, Type.A, DClass.IN)).toWire();
    }

    /// One that this process may use.
    private static String aCore() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(CORES))
                .map(line -> line.substring(CORES.length()).strip().split("[-,]", 2)[0])
                .findFirst()
                .orElseThrow();
    }
}
