package org.anycastdns.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import org.anycastdns.server.reload.ReloadHealth;
import org.anycastdns.server.serve.Identity;
import org.junit.jupiter.api.Test;

/// A reload thread that hangs is told apart from one that works for long, and from one that rests.
class VitalsTest {

    private final Vitals vitals =
            new Vitals(new Identity("ams1", ""), "anycast-dns 9", Clock.systemUTC());
    private boolean busy;
    private long steps;

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            vitals.beat();
        }
    }

    private void watch() {
        vitals.reload(() -> new ReloadHealth(true, busy, steps, "", 0));
        vitals.beat();
    }

    @Test
    void aBusyThreadWithoutStepsHangsAfterABoundedTimeAndIsWellWhenItGoesOn() {
        watch();
        busy = true;
        steps++;
        beats(Vitals.STILL_BEATS_MAX);
        assertEquals("", vitals.reloadFault());
        beats(1);
        assertEquals(Vitals.RELOAD_HANGS, vitals.reloadFault());
        assertTrue(vitals.reloadHangs());
        beats(1_000);
        assertTrue(vitals.reloadHangs());
        steps++;
        beats(1);
        assertEquals("", vitals.reloadFault());
        assertFalse(vitals.reloadHangs());
    }

    @Test
    void aLongLoadThatGetsOnDoesNotHang() {
        watch();
        busy = true;
        for (int i = 0; i < 10; i++) {
            steps++;
            beats(Vitals.STILL_BEATS_MAX);
            assertEquals("", vitals.reloadFault());
        }
    }

    @Test
    void aThreadThatHasNothingToDoDoesNotHang() {
        watch();
        beats(10 * Vitals.STILL_BEATS_MAX);
        assertEquals("", vitals.reloadFault());
    }

    @Test
    void aThreadThatHasEndedIsTold() {
        vitals.reload(() -> new ReloadHealth(false, false, 0, "", 0));
        assertEquals(Vitals.NO_RELOAD, vitals.reloadFault());
    }
}
