package org.anycastdns.server.net.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NapTest {

    private static final long NANOS = 80_000;

    @Test
    void itIsNotShorterThanAsked() {
        Nap nap = new Nap(NANOS);
        for (int i = 0; i < 20; i++) {
            long startNanos = System.nanoTime();
            nap.take();
            long tookNanos = System.nanoTime() - startNanos;
            assertTrue(tookNanos >= NANOS, () -> "took %d ns".formatted(tookNanos));
        }
    }
}
