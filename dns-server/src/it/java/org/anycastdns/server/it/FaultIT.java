package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.testkit.Fault;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests long-lived threads of the responder that throw: the process ends, or the thread restarts.
/// The server never continues without the thread and reports ready.
class FaultIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    private Server start(Fault fault) throws IOException, InterruptedException {
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<String> command = Server.arguments(zones(), port, adminPort);
        Program program = Program.start(command, Map.of("JAVA_OPTS", fault.option(folder)));
        program.awaitLine("^ready", LIMIT);
        return new Server(program, port, adminPort);
    }

    private static Path zones() {
        return Repository.root().resolve("zones");
    }

    private Fault fault(String place, int times) {
        String[] parts = place.split("#");
        return new Fault(
                "org.anycastdns.server." + parts[0], parts[1], folder.resolve("go"), times);
    }

    @ParameterizedTest
    @CsvSource({
        "net.MmsgLoop#runTasks, udp-",
        "ops.Lifeline#beat, admin-",
    })
    void aVitalThreadThatThrowsEndsTheProcess(String place, String thread)
            throws IOException, InterruptedException {
        Fault fault = fault(place, 1);
        try (Server server = start(fault)) {
            Program program = server.program();
            fault.inject();
            assertEquals(1, program.awaitExit(LIMIT), program::tail);
            program.awaitLine("internal error: thread " + thread + ".* died", LIMIT);
            assertTrue(program.text(Program.Stream.ERR).contains(Fault.MESSAGE), program::tail);
        }
    }

    @Test
    void aFaultWhileStartingIsNoCleanEnd() throws IOException, InterruptedException {
        Fault fault = fault("net.WarmUp#run", 1);
        fault.inject();
        List<String> command =
                Server.arguments(zones(), Repository.freePort(), Repository.freePort());
        command.set(command.indexOf("--warm-up") + 1, "1s");
        try (Program program = Program.start(command, Map.of("JAVA_OPTS", fault.option(folder)))) {
            assertEquals(1, program.awaitExit(LIMIT), program::tail);
            assertEquals("", program.text(Program.Stream.OUT));
        }
    }

    @Test
    void aThreadThatIsNoMatterOfLifeBeginsAnewAndIsCounted() throws Exception {
        Fault fault = fault("AddressWatch#update", 2);
        try (Server server = start(fault)) {
            fault.inject();
            server.program()
                    .awaitLine("internal error in thread address-watch \\(2 so far\\)", LIMIT);
            assertTrue(server.program().alive());
            String metric = "dns_internal_errors_total{thread=\"address-watch\"} 2.0";
            assertTrue(server.page("/metrics").contains(metric));
        }
    }

    @Test
    void aPageThatCannotBeMadeIsAnErrorOfThatRequest() throws Exception {
        Fault fault = fault("ops.StatusReport#of", 1);
        try (Server server = start(fault)) {
            fault.inject();
            assertEquals(
                    "{\"error\":\"this page cannot be made; the log says why\"}\n",
                    server.page("/status"));
            server.program().awaitLine("internal error in page", LIMIT);
            assertTrue(server.page("/status").startsWith("{\"state\":\"ready\""));
        }
    }
}
