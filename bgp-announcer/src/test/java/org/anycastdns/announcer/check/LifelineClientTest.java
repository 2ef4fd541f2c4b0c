package org.anycastdns.announcer.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Observation.Beat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class LifelineClientTest {

    private final BlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
    private TestLifeline server;

    LifelineClientTest() throws IOException {
        server = new TestLifeline(0);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everyRecordIsABeat() throws InterruptedException {
        try (LifelineClient client = new LifelineClient(server.uri(), seen::add)) {
            client.start();
            for (int i = 0; i < 3; i++) {
                assertEquals(new Beat(Beat.State.READY, "ams1", 1, 7), next());
            }
            server.record("{\"zones\":0,\"state\":\"loading\",\"identity\":\"ams1\"}");
            assertEquals(
                    new Beat(Beat.State.LOADING, "ams1", 0, Beat.UNCOUNTED),
                    afterBeats(Beat.State.READY));
        }
    }

    @Test
    void theEndOfTheConnectionIsToldAndThenItConnectsAnew() throws Exception {
        try (LifelineClient client = new LifelineClient(server.uri(), seen::add)) {
            client.start();
            assertInstanceOf(Beat.class, next());
            int port = server.port();
            server.close();
            Observation.Closed closed =
                    assertInstanceOf(Observation.Closed.class, afterBeats(Beat.State.READY));
            assertTrue(closed.why().startsWith("connection closed"), closed.why());
            assertEquals(new Observation.Closed("nothing listens at 127.0.0.1:" + port), next());
            server = new TestLifeline(port);
            Observation observation = next();
            while (observation instanceof Observation.Closed) {
                observation = next();
            }
            assertEquals(new Beat(Beat.State.READY, "ams1", 1, 7), observation);
        }
    }

    @Test
    void silenceIsNoObservationUntilTheConnectionIsGivenUp() throws InterruptedException {
        try (LifelineClient client = new LifelineClient(server.uri(), seen::add)) {
            client.start();
            assertInstanceOf(Beat.class, next());
            server.hang();
            assertEquals(
                    new Observation.Closed("silent for 5 s, connecting again"),
                    afterBeats(Beat.State.READY));
        }
    }

    @Test
    void somethingElseOnTheStreamEndsIt() throws InterruptedException {
        server.record("{\"state\":\"splendid\"}");
        try (LifelineClient client = new LifelineClient(server.uri(), seen::add)) {
            client.start();
            Observation.Closed closed = assertInstanceOf(Observation.Closed.class, next());
            assertEquals(
                    "connection closed (no state record on the stream: {\"state\":\"splendid\"})",
                    closed.why());
        }
    }

    @Test
    void aConnectionThatMustMakeRoomIsNoEnd() throws Exception {
        try (LifelineClient client = new LifelineClient(server.uri(), seen::add)) {
            client.start();
            assertInstanceOf(Beat.class, next());
            server.record(
                    "{\"zones\":0,\"state\":\"loading\",\"identity\":\"ams1\",\"displaced\":true}");
            assertInstanceOf(Beat.class, afterBeats(Beat.State.READY));
            server.close();
            assertInstanceOf(Observation.Displaced.class, afterBeats(Beat.State.LOADING));
        }
    }

    @Test
    void anotherPageIsNoLifeline() throws InterruptedException {
        try (LifelineClient client =
                new LifelineClient(server.uri().resolve("/other"), seen::add)) {
            client.start();
            Observation.Closed closed = assertInstanceOf(Observation.Closed.class, next());
            assertTrue(closed.why().endsWith("answers HTTP status 404"), closed.why());
        }
    }

    @Test
    void eventsArePutTogetherHoweverTheBytesArrive() {
        List<String> data = new ArrayList<>();
        EventLines lines = new EventLines(data::add);
        for (byte octet :
                ": hello\r\nevent: x\r\ndata: {1}\r\n\r\ndata:{2}\n\nid: 3\n"
                        .getBytes(StandardCharsets.UTF_8)) {
            lines.onNext(List.of(ByteBuffer.wrap(new byte[] {octet})));
        }
        assertEquals(List.of("{1}", "{2}"), data);
    }

    @Test
    void aLineWithoutEndEndsTheStream() {
        EventLines lines = new EventLines(_ -> {});
        lines.onNext(List.of(ByteBuffer.allocate(9000)));
        CompletableFuture<String> end = lines.getBody().toCompletableFuture();
        CompletionException failure = Assertions.assertThrows(CompletionException.class, end::join);
        assertEquals(
                "a line over 8192 bytes", Objects.requireNonNull(failure.getCause()).getMessage());
    }

    private Observation next() throws InterruptedException {
        return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "nothing was seen");
    }

    private Observation afterBeats(Beat.State state) throws InterruptedException {
        Observation observation = next();
        while (observation instanceof Beat beat && beat.state() == state) {
            observation = next();
        }
        return observation;
    }
}
