package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000;
    private static final int BATCHES = 200;

    private final Pace pace = new Pace();
    private long nowNanos = 5 * SECOND;

    /// Batches of one size at a rate; returns how many of them were followed by a rest.
    private int rests(int batches, int received, long perSecond) {
        int rests = 0;
        for (int i = 0; i < batches; i++) {
            nowNanos += received * SECOND / perSecond;
            rests += pace.rests(received, nowNanos) ? 1 : 0;
        }
        return rests;
    }

    @Test
    void nobodyWaitsWhenFewAsk() {
        assertEquals(0, rests(BATCHES, 1, 100));
        assertEquals(0, rests(BATCHES, 1, 20_000));
    }

    @Test
    void manyOneByOneAreLetComeTogether() {
        rests(BATCHES, 1, 60_000);
        assertEquals(BATCHES, rests(BATCHES, 1, 60_000));
        assertEquals(BATCHES, rests(BATCHES, 6, 60_000), "and so when they do");
    }

    @Test
    void largeBatchesAreEnough() {
        rests(BATCHES, 64, 200_000);
        assertEquals(0, rests(BATCHES, 64, 200_000));
    }

    @Test
    void aBurstAfterSilenceWaitsForNothing() {
        rests(BATCHES, 1, 1_000);
        assertEquals(0, rests(5, 1, 1_000_000));
    }

    @Test
    void itEndsWithTheLoad() {
        rests(BATCHES, 1, 100_000);
        nowNanos += SECOND;
        assertFalse(pace.rests(1, nowNanos), "the first one after a silence");
        assertEquals(0, rests(BATCHES, 1, 10_000));
    }

    @Test
    void aClockThatStandsStillDoesNoHarm() {
        for (int i = 0; i < BATCHES; i++) {
            assertFalse(pace.rests(64, nowNanos));
        }
    }
}
