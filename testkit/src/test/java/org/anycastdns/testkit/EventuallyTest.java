package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aPollThatThrowsIsFollowedByOthers() throws InterruptedException {
        AtomicInteger polls = new AtomicInteger();
        int seen =
                Eventually.seen(
                        "the third poll",
                        LIMIT,
                        () ->
                                switch (polls.incrementAndGet()) {
                                    case 1 -> throw new IllegalStateException("not yet");
                                    case 2 -> throw new AssertionError("not yet");
                                    default -> polls.get();
                                },
                        _ -> true);
        assertEquals(3, seen);
    }

    @Test
    void theFailureShowsWhatWasThrownLast() {
        AssertionError failure =
                assertThrows(
                        AssertionError.class,
                        () ->
                                Eventually.seen(
                                        "nothing",
                                        Duration.ofMillis(500),
                                        () -> {
                                            throw new AssertionError("an answer to no query");
                                        },
                                        _ -> true));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("an answer to no query"),
                failure::getMessage);
    }
}
