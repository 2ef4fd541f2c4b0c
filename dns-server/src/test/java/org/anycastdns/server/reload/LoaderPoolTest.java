package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LoaderPoolTest {

    private static final int PIECES = 1_000;

    @Test
    void eachPieceIsDoneOnceEvenWhenAllHelpersAskForHelp() throws Exception {
        AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
        try (LoaderPool runner = new LoaderPool()) {
            FutureTask<Integer> one = new FutureTask<>(() -> all(runner, done));
            FutureTask<Integer> other = new FutureTask<>(() -> all(runner, done));
            runner.execute(one);
            runner.execute(other);
            int own = all(runner, done);
            assertEquals(3 * PIECES, own + one.get() + other.get());
        }
        for (int i = 0; i < PIECES; i++) {
            assertEquals(3, done.get(i));
        }
    }

    private static int all(LoaderPool runner, AtomicIntegerArray done) {
        runner.each(PIECES, done::incrementAndGet);
        return PIECES;
    }

    @Test
    void whatOneThrowsIsThrownWhenAllAreDone() {
        AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
        try (LoaderPool runner = new LoaderPool()) {
            assertThrows(
                    IllegalStateException.class,
                    () ->
                            runner.each(
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
