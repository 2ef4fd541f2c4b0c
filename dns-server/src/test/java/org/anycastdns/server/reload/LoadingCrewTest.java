package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LoadingCrewTest {

    private static final int PIECES = 1_000;

    @Test
    void eachPieceIsDoneOnceEvenWhenAllHelpersAskForHelp() throws Exception {
        AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
        try (LoadingCrew crew = new LoadingCrew()) {
            FutureTask<Integer> one = new FutureTask<>(() -> all(crew, done));
            FutureTask<Integer> other = new FutureTask<>(() -> all(crew, done));
            crew.execute(one);
            crew.execute(other);
            int own = all(crew, done);
            assertEquals(3 * PIECES, own + one.get() + other.get());
        }
        for (int i = 0; i < PIECES; i++) {
            assertEquals(3, done.get(i));
        }
    }

    private static int all(LoadingCrew crew, AtomicIntegerArray done) {
        crew.each(PIECES, done::incrementAndGet);
        return PIECES;
    }

    @Test
    void whatOneThrowsIsThrownWhenAllAreDone() {
        AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
        try (LoadingCrew crew = new LoadingCrew()) {
            assertThrows(
                    IllegalStateException.class,
                    () ->
                            crew.each(
                                    PIECES,
                                    i -> {
                                        done.incrementAndGet(i);
                                        if (i == 7) {
                                            throw new IllegalStateException("seven");
                                        }
                                    }));
        }
        for (int i = 0; i < PIECES; i++) {
            assertEquals(1, done.get(i));
        }
    }
}
