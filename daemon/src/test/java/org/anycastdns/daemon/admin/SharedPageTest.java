package org.anycastdns.daemon.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/// A page whose making runs when this test says so.
class SharedPageTest {

    private static final int LARGE = 100_000;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<ByteBuf> given = new ArrayList<>();
    private int size = LARGE;
    private int made;
    private final SharedPage page =
            new SharedPage(
                    out -> {
                        made++;
                        out.write(new byte[size]);
                    },
                    tasks::add);

    private void ask() {
        page.give(octets -> given.add(Objects.requireNonNull(octets)));
    }

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private ByteBuf memory(int index) {
        return Objects.requireNonNull(given.get(index).unwrap());
    }

    @Test
    void clientsThatWaitTogetherShareOnePage() {
        ask();
        ask();
        ask();
        work();
        assertEquals(1, made);
        assertEquals(3, given.size());
        assertSame(memory(0), memory(2));
        assertEquals(4, memory(0).refCnt(), "three clients and the page itself");
        given.forEach(ByteBuf::release);
        assertTrue(memory(0).isDirect(), "else each write would copy it");
    }

    @Test
    void aLargePageIsGoodForAMomentAndASmallOneIsMadeAnew() {
        ask();
        work();
        ask();
        assertEquals(1, made);
        assertEquals(2, given.size());
        size = 1000;
        page.changed();
        ask();
        work();
        ask();
        work();
        assertEquals(3, made);
    }

    @Test
    void whatIsAskedForAfterAChangeShowsTheChange() {
        ask();
        work();
        page.changed();
        ask();
        work();
        assertEquals(2, made);
        assertNotSame(memory(0), memory(1));
    }

    @Test
    void aChangeWhileThePageIsMadeMakesItAgain() {
        SharedPage[] changing = new SharedPage[1];
        int[] times = {0};
        changing[0] =
                new SharedPage(
                        out -> {
                            if (++times[0] == 1) {
                                changing[0].changed();
                            }
                            out.write(new byte[times[0]]);
                        },
                        Runnable::run);
        changing[0].give(octets -> given.add(Objects.requireNonNull(octets)));
        assertEquals(2, given.getFirst().readableBytes());
    }

    @Test
    void clientsThatDoNotReadHoldAFewPagesAtMost() {
        for (int i = 0; i < 50; i++) {
            page.changed();
            ask();
            work();
        }
        assertEquals(4, made);
        given.forEach(ByteBuf::release);
        page.changed();
        ask();
        work();
        assertEquals(5, made);
    }

    @Test
    void aPageThatCannotBeMadeFailsForThoseWhoWaitOnly() {
        boolean[] broken = {true};
        SharedPage fragile =
                new SharedPage(
                        out -> {
                            if (broken[0]) {
                                throw new OutOfMemoryError("a test");
                            }
                            out.write(1);
                        },
                        Runnable::run);
        List<Boolean> failed = new ArrayList<>();
        assertThrows(
                IllegalStateException.class,
                () ->
                        fragile.give(octets -> {
                            assertNull(octets);
                            failed.add(true);
                        }));
        assertEquals(List.of(true), failed);
        broken[0] = false;
        fragile.give(octets -> given.add(Objects.requireNonNull(octets)));
        assertEquals(1, given.size());
    }
}
