package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    private Program start(Fault fault, int port, int adminPort)
            throws IOException, InterruptedException {
        List<String> command = Server.arguments(zones(), port, adminPort);
        Program program = Program.start(command, Map.of("JAVA_OPTS", fault.option(folder)));
        program.awaitLine("^ready", LIMIT);
        return program;
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
        try (Program program = start(fault, Repository.freePort(), Repository.freePort())) {
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
        int adminPort = Repository.freePort();
        try (Program program = start(fault, Repository.freePort(), adminPort)) {
            fault.inject();
            program.awaitLine("internal error in thread address-watch \\(2 so far\\)", LIMIT);
            assertTrue(program.alive());
            String metric = "dns_internal_errors_total{thread=\"address-watch\"} 2.0";
            assertTrue(get(adminPort, "/metrics").contains(metric));
        }
    }

    @Test
    void aPageThatCannotBeMadeIsAnErrorOfThatRequest() throws Exception {
        Fault fault = fault("ops.StatusReport#of", 1);
        int adminPort = Repository.freePort();
        try (Program program = start(fault, Repository.freePort(), adminPort)) {
            fault.inject();
            assertEquals(
                    "{\"error\":\"this page cannot be made; the log says why\"}\n",
                    get(adminPort, "/status"));
            program.awaitLine("internal error in page", LIMIT);
            assertTrue(get(adminPort, "/status").startsWith("{\"state\":\"ready\""));
        }
    }

    private static String get(int adminPort, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
            return client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
