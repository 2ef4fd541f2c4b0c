package org.anycastdns.server.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// When a secondary asks the primaries of one zone, and when the zone expires (RFC 1034 section
/// 4.3.5, RFC 1035 section 3.3.13, RFC 7314). Immutable: an input gives the next state and what to
/// do.
///
/// ```
///   REFRESH, NOTIFY --> round: primary after primary, the one that sent NOTIFY first
///     one is up to date, or gives data:  good; all times start again
///     all are older than ours:           REFRESH starts again, EXPIRE does not
///     otherwise:                         RETRY; without data 2 s, 4 s, ... 5 min
/// ```
///
/// Times are milliseconds of a clock that only runs forward. Each zone waits a little less than its
/// times, by a share that depends on its name, so that many zones do not ask at once.
///
/// @param held the version that is served; null for none
/// @param round the round that goes on; null for none
/// @param notified primary whose NOTIFY came during the round
/// @param nextMillis when the next round begins, if none goes on
/// @param failures rounds without data that failed, one after the other
public record ZoneTimers(
        Name zone,
        TimerLimits limits,
        int primaries,
        @Nullable Held held,
        @Nullable Round round,
        OptionalInt notified,
        long nextMillis,
        int failures) {

    private static final long SECOND = 1_000;
    private static final long FIRST_WAIT_MILLIS = 2 * SECOND;
    private static final long LONGEST_WAIT_MILLIS = 300 * SECOND;

    /// Waits are shortened by at most this share: a tenth.
    private static final int JITTER_SHARE = 10;

    /// An EXPIRE option below this is not meant (RFC 7314 section 4).
    private static final long EXPIRE_OPTION_MIN = 2;

    /// The version that is served, with its times in seconds within the limits.
    ///
    /// @param successMillis when a primary last confirmed it
    /// @param expireMillis when it expires
    public record Held(
            long refreshSeconds,
            long retrySeconds,
            long expireSeconds,
            long successMillis,
            long expireMillis,
            boolean expired) {

        private Held with(long success, long expire, boolean isExpired) {
            return new Held(
                    refreshSeconds, retrySeconds, expireSeconds, success, expire, isExpired);
        }
    }

    /// A round through the primaries.
    ///
    /// @param order the primaries still to ask; the first is being asked
    /// @param behind how many are older than ours
    /// @param failed how many gave nothing
    public record Round(List<Integer> order, int behind, int failed) {

        public Round {
            order = List.copyOf(order);
        }
    }

    /// What survives a restart.
    ///
    /// @param epochSeconds when a primary last confirmed the zone, in seconds since 1970
    /// @param expireSeconds how long the zone could be served from then on
    public record Saved(long epochSeconds, long expireSeconds) {}

    /// The next state and what to do, in order.
    public record Step(ZoneTimers timers, List<TimerAction> actions) {

        public Step {
            actions = List.copyOf(actions);
        }
    }

    /// Returns the timers of a zone without data; the first round is due at once.
    ///
    /// @param primaries how many primaries there are, at least 1
    public static ZoneTimers empty(Name zone, TimerLimits limits, int primaries, Moment now) {
        return new ZoneTimers(
                zone, limits, primaries, null, null, OptionalInt.empty(), now.millis(), 0);
    }

    /// Returns the timers of a zone whose data survived a restart. The time while the server was
    /// down counts. If the time of day went back, no time counts as passed.
    public static ZoneTimers restored(
            Name zone, TimerLimits limits, int primaries, SoaRecord soa, Saved saved, Moment now) {
        long elapsed = SECOND * Math.max(0, now.epochSeconds() - saved.epochSeconds());
        long success = now.millis() - elapsed;
        long expire = success + SECOND * saved.expireSeconds();
        Held held = empty(zone, limits, primaries, now).held(soa, success, expire);
        held = held.with(success, expire, expire <= now.millis());
        ZoneTimers timers = empty(zone, limits, primaries, now).with(held);
        return timers.next(
                Math.max(now.millis(), success + timers.jittered(held.refreshSeconds())));
    }

    private Held held(SoaRecord soa, long successMillis, long expireMillis) {
        return new Held(
                Math.clamp(soa.refreshSeconds(), limits.refreshMin(), limits.refreshMax()),
                Math.clamp(soa.retrySeconds(), limits.retryMin(), limits.retryMax()),
                Math.clamp(soa.expireSeconds(), limits.expireMin(), limits.expireMax()),
                successMillis,
                expireMillis,
                false);
    }

    /// Returns what must survive a restart, or null if there is no data.
    public @Nullable Saved saved(Moment now) {
        return held == null
                ? null
                : new Saved(
                        now.epochSeconds() - (now.millis() - held.successMillis()) / SECOND,
                        (held.expireMillis() - held.successMillis()) / SECOND);
    }

    /// Returns whether the zone has data that has expired.
    public boolean isExpired() {
        return held != null && held.expired();
    }

    /// Returns when {@link TimerInput.Tick} is due.
    public long dueMillis() {
        long expiry = held == null || held.expired() ? Long.MAX_VALUE : held.expireMillis();
        return round == null ? Math.min(nextMillis, expiry) : expiry;
    }

    /// Takes an input. Results of primaries without a round are ignored.
    public Step on(TimerInput input, Moment now) {
        List<TimerAction> actions = new ArrayList<>();
        ZoneTimers timers = expired(now, actions);
        ZoneTimers next =
                switch (input) {
                    case TimerInput.Tick() ->
                            timers.round == null && now.millis() >= timers.nextMillis
                                    ? timers.begin(0, actions)
                                    : timers;
                    case TimerInput.Notified(int primary) ->
                            timers.round == null
                                    ? timers.begin(primary, actions)
                                    : timers.with(OptionalInt.of(primary));
                    case TimerInput.UpToDate(OptionalLong expire) ->
                            timers.confirmed(expire, now, actions);
                    case TimerInput.Received(SoaRecord soa, OptionalLong expire) ->
                            timers.received(soa, expire, now, actions);
                    case TimerInput.Behind() -> timers.answered(1, 0, now, actions);
                    case TimerInput.Failure() -> timers.answered(0, 1, now, actions);
                };
        return new Step(next, actions);
    }

    private ZoneTimers expired(Moment now, List<TimerAction> actions) {
        if (held == null || held.expired() || now.millis() < held.expireMillis()) {
            return this;
        }
        actions.add(new TimerAction.Expire());
        return with(held.with(held.successMillis(), held.expireMillis(), true));
    }

    private ZoneTimers begin(int first, List<TimerAction> actions) {
        List<Integer> order = new ArrayList<>();
        order.add(first);
        for (int i = 0; i < primaries; i++) {
            if (i != first) {
                order.add(i);
            }
        }
        return with(new Round(order, 0, 0)).ask(actions);
    }

    private ZoneTimers ask(List<TimerAction> actions) {
        if (round != null) {
            boolean any = held == null || held.expired();
            actions.add(new TimerAction.Ask(round.order().getFirst(), any));
        }
        return this;
    }

    private ZoneTimers confirmed(OptionalLong option, Moment now, List<TimerAction> actions) {
        if (round == null || held == null) {
            return answered(0, 1, now, actions);
        }
        long expire = held.expireSeconds();
        long left = Math.ceilDiv(held.expireMillis() - now.millis(), SECOND);
        if (option.isPresent() && option.getAsLong() >= EXPIRE_OPTION_MIN) {
            // RFC 7314 section 4: not less than what is left.
            expire = Math.min(expire, Math.max(left, option.getAsLong()));
        }
        boolean revived = held.expired();
        Held confirmed = held.with(now.millis(), now.millis() + SECOND * expire, false);
        return good(confirmed, revived, now, actions);
    }

    private ZoneTimers received(
            SoaRecord soa, OptionalLong option, Moment now, List<TimerAction> actions) {
        Held fresh = held(soa, now.millis(), 0);
        long expire = fresh.expireSeconds();
        if (option.isPresent() && option.getAsLong() >= EXPIRE_OPTION_MIN) {
            expire = Math.min(expire, option.getAsLong());
        }
        Held served = fresh.with(now.millis(), now.millis() + SECOND * expire, false);
        return good(served, isExpired(), now, actions);
    }

    private ZoneTimers good(Held served, boolean revived, Moment now, List<TimerAction> actions) {
        if (revived) {
            actions.add(new TimerAction.Revive());
        }
        ZoneTimers timers = with(served).failures(0);
        return timers.end(now.millis() + timers.jittered(served.refreshSeconds()), actions);
    }

    /// Notes that a primary was no help, and asks the next one or ends the round.
    private ZoneTimers answered(int behind, int failed, Moment now, List<TimerAction> actions) {
        if (round == null) {
            return this;
        }
        List<Integer> rest = round.order().subList(1, round.order().size());
        Round after = new Round(rest, round.behind() + behind, round.failed() + failed);
        if (!rest.isEmpty()) {
            return with(after).ask(actions);
        }
        if (held == null) {
            return failures(failures + 1).end(now.millis() + growing(), actions);
        }
        boolean behindOnly = after.failed() == 0;
        long seconds = behindOnly ? held.refreshSeconds() : held.retrySeconds();
        return end(now.millis() + jittered(seconds), actions);
    }

    /// Ends the round. A NOTIFY that came meanwhile begins another one.
    private ZoneTimers end(long next, List<TimerAction> actions) {
        ZoneTimers timers = with((Round) null).next(next);
        return notified.isPresent()
                ? timers.with(OptionalInt.empty()).begin(notified.getAsInt(), actions)
                : timers;
    }

    private long growing() {
        long wait = FIRST_WAIT_MILLIS << Math.min(failures, Byte.SIZE);
        return shortened(Math.min(wait, LONGEST_WAIT_MILLIS));
    }

    private long jittered(long seconds) {
        // A second stays a second.
        return Math.max(SECOND, shortened(SECOND * seconds));
    }

    private long shortened(long millis) {
        // The hash of a name is even enough for this: neighbors in a list differ.
        int share = Math.floorMod((zone.hashCode() * 0x9E37_79B9) >>> 8, 1_000);
        return millis - millis / JITTER_SHARE * share / 1_000;
    }

    private ZoneTimers with(@Nullable Held other) {
        return new ZoneTimers(
                zone, limits, primaries, other, round, notified, nextMillis, failures);
    }

    private ZoneTimers with(@Nullable Round other) {
        return new ZoneTimers(zone, limits, primaries, held, other, notified, nextMillis, failures);
    }

    private ZoneTimers with(OptionalInt other) {
        return new ZoneTimers(zone, limits, primaries, held, round, other, nextMillis, failures);
    }

    private ZoneTimers next(long millis) {
        return new ZoneTimers(zone, limits, primaries, held, round, notified, millis, failures);
    }

    private ZoneTimers failures(int count) {
        return new ZoneTimers(zone, limits, primaries, held, round, notified, nextMillis, count);
    }
}
