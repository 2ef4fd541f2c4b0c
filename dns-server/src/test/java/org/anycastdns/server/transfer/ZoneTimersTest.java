package org.anycastdns.server.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.anycastdns.server.transfer.TimerAction.Ask;
import org.anycastdns.server.transfer.TimerAction.Expire;
import org.anycastdns.server.transfer.TimerAction.Revive;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// When a secondary asks. The case numbers are those of the specification of transfers.
class ZoneTimersTest {

    private static final Name ZONE = Name.of("example.");
    private static final long REFRESH = 3_600_000;
    private static final long RETRY = 600_000;
    private static final long EXPIRE = 86_400_000;
    private static final OptionalLong NO_OPTION = OptionalLong.empty();
    private static final long EPOCH = 1_790_000_000;

    private long millis = 1_000_000;
    private ZoneTimers timers = ZoneTimers.empty(ZONE, TimerLimits.DEFAULT, 2, now());

    private Moment now() {
        return new Moment(millis, EPOCH + millis / 1_000);
    }

    private List<TimerAction> on(TimerInput input) {
        ZoneTimers.Step step = timers.on(input, now());
        timers = step.timers();
        return step.actions();
    }

    private List<TimerAction> tick() {
        millis = Math.max(millis, timers.dueMillis());
        return on(new TimerInput.Tick());
    }

    private static ZoneTimers.Held held(ZoneTimers of) {
        return Objects.requireNonNull(of.held());
    }

    /// Begins with data from the first primary.
    private void served() {
        assertEquals(List.of(new Ask(0, true)), tick());
        assertEquals(List.of(), received(NO_OPTION));
    }

    private List<TimerAction> received(OptionalLong option) {
        return on(new TimerInput.Received(CannedPrimary.soaRecord(1), option));
    }

    private List<TimerAction> upToDate() {
        return on(new TimerInput.UpToDate(NO_OPTION));
    }

    private List<TimerAction> failure() {
        return on(new TimerInput.Failure());
    }

    /// Asserts that the next round is due after a wait, less at most a tenth.
    private void assertWaits(long wait) {
        long left = timers.nextMillis() - millis;
        assertTrue(left <= wait && left >= wait - wait / 10, left + " of " + wait);
    }

    @Test
    void case1RefreshAsksAndAllTimesStartAgain() {
        served();
        assertWaits(REFRESH);
        assertEquals(List.of(new Ask(0, false)), tick());
        assertEquals(List.of(), upToDate());
        assertWaits(REFRESH);
        assertEquals(millis + EXPIRE, held(timers).expireMillis());
    }

    @Test
    void case2AFailedRoundWaitsForRetryFromItsEnd() {
        served();
        tick();
        assertEquals(List.of(new Ask(1, false)), failure());
        millis += 5_000;
        assertEquals(List.of(), failure());
        assertWaits(RETRY);
        tick();
        failure();
        assertEquals(List.of(), upToDate(), "one good primary makes the round good");
        assertWaits(REFRESH);
    }

    @Test
    void case3ExpiryIsToldOnceAndAskingGoesOn() {
        served();
        long expiry = millis + EXPIRE;
        List<TimerAction> actions = new ArrayList<>();
        while (!timers.isExpired()) {
            actions.clear();
            actions.addAll(tick());
            actions.addAll(failure());
            actions.addAll(failure());
        }
        assertTrue(millis >= expiry);
        assertTrue(actions.contains(new Expire()), actions::toString);
        List<TimerAction> after = tick();
        assertEquals(List.of(new Ask(0, true)), after);
    }

    @Test
    void case4AnExpiredZoneTakesAnyVersion() {
        served();
        millis += EXPIRE;
        assertEquals(List.of(new Expire(), new Ask(0, true)), tick());
        assertEquals(List.of(new Revive()), received(NO_OPTION));
        assertFalse(timers.isExpired());
    }

    @Test
    void case5ARestartCountsTheTimeDown() {
        served();
        ZoneTimers.Saved saved = Objects.requireNonNull(timers.saved(now()));
        assertEquals(now().epochSeconds(), saved.epochSeconds());
        ZoneTimers alive = restored(saved, 50_000);
        assertFalse(alive.isExpired());
        // The process starts with a clock of its own.
        assertEquals(5 + EXPIRE - 50_000_000, held(alive).expireMillis());
        assertEquals(5, alive.nextMillis(), "REFRESH was over while the server was down");
        assertTrue(restored(saved, 86_400).isExpired());
        ZoneTimers back = restored(saved, -1_000_000);
        assertEquals(5 + EXPIRE, held(back).expireMillis(), "the time of day went back");
    }

    private ZoneTimers restored(ZoneTimers.Saved saved, long downSeconds) {
        Moment start = new Moment(5, saved.epochSeconds() + downSeconds);
        return ZoneTimers.restored(
                ZONE, TimerLimits.DEFAULT, 2, CannedPrimary.soaRecord(1), saved, start);
    }

    @Test
    void case6SillyTimesAreBoundedAndWaitsDependOnTheName() {
        for (String numbers : List.of("0 0 0", "1 1 1", "2147483648 4294967295 2147483648")) {
            String text = CannedPrimary.soa(1).replace("3600 600 86400", numbers);
            SoaRecord soa = new SoaRecord(CannedPrimary.record(text).zoneRecord());
            tick();
            on(new TimerInput.Received(soa, NO_OPTION));
            long wait = timers.nextMillis() - millis;
            assertTrue(wait >= 1_000 && wait <= 28L * 86_400_000, numbers + ": " + wait);
        }
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            timers =
                    ZoneTimers.empty(
                            Name.of("z%d.example.".formatted(i)), TimerLimits.DEFAULT, 1, now());
            served();
            assertWaits(REFRESH);
            waits.add(timers.nextMillis() - millis);
        }
        assertTrue(waits.stream().distinct().count() > 80, waits::toString);
    }

    @Test
    void case7WithoutDataWaitsGrowUntilANotify() {
        long before = 0;
        for (int i = 0; i < 12; i++) {
            tick();
            failure();
            failure();
            long wait = timers.nextMillis() - millis;
            assertTrue(wait >= before && wait <= 300_000, wait + " after " + before);
            before = wait;
        }
        assertWaits(300_000);
        assertEquals(List.of(new Ask(1, true)), on(new TimerInput.Notified(1)));
    }

    @Test
    void case9WhenAllAreBehindRefreshStartsAgainButExpireDoesNot() {
        served();
        long expiry = held(timers).expireMillis();
        tick();
        assertEquals(List.of(new Ask(1, false)), on(new TimerInput.Behind()));
        assertEquals(List.of(), on(new TimerInput.Behind()));
        assertWaits(REFRESH);
        assertEquals(expiry, held(timers).expireMillis());
    }

    @Test
    void case11TheSenderOfNotifyIsAskedFirst() {
        served();
        assertEquals(List.of(new Ask(1, false)), on(new TimerInput.Notified(1)));
        assertEquals(List.of(new Ask(0, false)), on(new TimerInput.Behind()));
        assertEquals(List.of(), received(NO_OPTION));
        assertWaits(REFRESH);
    }

    @Test
    void case64ANotifyDuringARoundIsRememberedOnce() {
        served();
        on(new TimerInput.Notified(0));
        assertEquals(List.of(), on(new TimerInput.Notified(1)));
        assertEquals(List.of(), on(new TimerInput.Notified(1)));
        assertEquals(List.of(new Ask(1, false)), received(NO_OPTION));
        assertEquals(List.of(), upToDate());
    }

    @Test
    void case39TheExpireOptionShortensAndNeverExceedsSoa() {
        tick();
        received(OptionalLong.of(1_000));
        assertEquals(millis + 1_000_000, held(timers).expireMillis());
        long expiry = held(timers).expireMillis();
        millis += 10_000;
        on(new TimerInput.Notified(0));
        on(new TimerInput.UpToDate(OptionalLong.of(500)));
        assertEquals(expiry, held(timers).expireMillis(), "what is left is more");
        on(new TimerInput.Notified(0));
        on(new TimerInput.UpToDate(OptionalLong.of(2_000)));
        assertEquals(millis + 2_000_000, held(timers).expireMillis());
        on(new TimerInput.Notified(0));
        on(new TimerInput.UpToDate(OptionalLong.of(4_000_000_000L)));
        assertEquals(millis + EXPIRE, held(timers).expireMillis());
        on(new TimerInput.Notified(0));
        received(OptionalLong.of(1));
        assertEquals(millis + EXPIRE, held(timers).expireMillis(), "1 is not meant");
    }

    /// Whatever happens: at most one primary is asked at a time, and something is always due.
    @Test
    void randomInputsKeepOneQuestionOpen() {
        long seed = Long.getLong("anycastdns.timers.seed", 20261204);
        Random random = new Random(seed);
        int open = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean answer = random.nextBoolean();
            millis += random.nextInt(100_000);
            List<TimerAction> actions =
                    switch (random.nextInt(6)) {
                        case 0 -> answer && open > 0 ? received(OptionalLong.of(millis)) : tick();
                        case 1 -> answer && open > 0 ? upToDate() : tick();
                        case 2, 3 -> open > 0 ? failure() : tick();
                        case 4 -> on(new TimerInput.Notified(random.nextInt(2)));
                        default -> on(new TimerInput.Tick());
                    };
            open = timers.round() == null ? 0 : 1;
            long asked = actions.stream().filter(each -> each instanceof Ask).count();
            assertTrue(asked <= 1, "seed %d, round %d: %s".formatted(seed, i, actions));
            assertTrue(asked == 0 || open == 1, "seed %d, round %d".formatted(seed, i));
            assertNotEquals(Long.MIN_VALUE, timers.dueMillis());
        }
    }
}
