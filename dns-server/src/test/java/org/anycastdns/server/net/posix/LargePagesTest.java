package org.anycastdns.server.net.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LargePagesTest {

    private static final long MEBI = 1 << 20;

    @Test
    void whatLiesInMemoryStaysAsItIs() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(9 * MEBI);
            for (long at = 0; at < memory.byteSize(); at += 997) {
                memory.set(ValueLayout.JAVA_BYTE, at, (byte) at);
            }
            long moved = LargePages.use(memory);
            assertTrue(
                    moved >= 0 && moved <= 8 * MEBI && moved % (2 * MEBI) == 0, () -> "" + moved);
            for (long at = 0; at < memory.byteSize(); at += 997) {
                assertEquals((byte) at, memory.get(ValueLayout.JAVA_BYTE, at));
            }
        }
    }

    @Test
    void lessThanAPageIsLeftAlone() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(0, LargePages.use(arena.allocate(MEBI)));
        }
    }
}
