package org.anycastdns.server.transfer.secondary;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.TimerAction;
import org.anycastdns.server.transfer.TimerInput;
import org.anycastdns.server.transfer.TransferCounts;
import org.anycastdns.server.transfer.TransferFailure;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.TransferRequest;
import org.anycastdns.server.transfer.TransferResult;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// What happens to zones: rounds through their primaries, versions that arrive, expiry. The thread
/// `transfer` calls every method.
final class ZoneRounds {

    /// How long a primary that refused IXFR is asked for whole zones (RFC 9103 section 7.10.2
    /// leaves it to us).
    private static final long WHOLE_MILLIS = TimeUnit.DAYS.toMillis(1);

    /// How often a primary is asked that has told of a serial by NOTIFY which it does not serve
    /// yet.
    private static final int PROMISE_TRIES_MAX = 3;

    private static final long PROMISE_MILLIS = 1_000;

    /// Changes up to this size are taken however small the zone is, in octets.
    private static final long CHANGES_MIN = 1 << 16;

    private final RoundParts parts;
    private final TransferQueue queue;
    private final TransferLog log = new TransferLog();
    private final ZoneMerges merges;

    /// A version that came.
    ///
    /// @param from its predecessor; null for none
    /// @param octets memory that its records take, or its changes
    private record Arrived(
            String kind,
            SoaRecord soa,
            @Nullable SoaRecord from,
            OptionalLong expireSeconds,
            TransferCounts counts,
            StoreWriter.Write write,
            long octets,
            long millis) {}

    ZoneRounds(RoundParts parts) {
        this.parts = parts;
        this.queue =
                new TransferQueue(parts.settings().atOnce(), parts.settings().atOncePerPrimary());
        this.merges =
                new ZoneMerges(
                        parts.builder().merging(),
                        parts.builder().background(),
                        parts.inbox(),
                        this::now,
                        this::serve,
                        zone -> queue.add(zone, zone.primary(), zone.first));
    }

    /// Serves a version, and holds it from now on.
    void serve(SecondaryZone zone, Outcome.Usable version) {
        parts.publication().of(zone, version);
        zone.held = version.held();
        zone.warnings = version.warnings();
        zone.imageOctets = version.octets();
    }

    private long now() {
        return parts.clock().get().millis();
    }

    /// Returns how many requests run.
    int running() {
        return queue.running();
    }

    // What comes from outside.

    /// Does what is due for a zone.
    void tick(SecondaryZone zone) {
        if (zone.promisedMillis <= now()) {
            zone.promisedMillis = Long.MAX_VALUE;
            begin(zone, zone.promisedBy, TransferCause.NOTIFY);
            return;
        }
        if (zone.timers.round() == null) {
            zone.cause = zone.held == null ? TransferCause.START : TransferCause.REFRESH;
        }
        step(zone, new TimerInput.Tick());
    }

    /// Takes a NOTIFY.
    ///
    /// @param serial the serial in it
    void notified(SecondaryZone zone, int primary, OptionalInt serial) {
        zone.notifiedSeconds = parts.clock().get().epochSeconds();
        zone.promised = serial;
        zone.promisedBy = primary;
        zone.promisedTries = 0;
        zone.promisedMillis = Long.MAX_VALUE;
        queue.wake(zone.primaries.get(primary));
        begin(zone, primary, TransferCause.NOTIFY);
    }

    /// Asks the primaries because the operator wants it.
    ///
    /// @param whole whether to take the whole zone, whatever its serial is
    void refresh(SecondaryZone zone, boolean whole) {
        zone.retransfer |= whole;
        zone.primaries.forEach(queue::wake);
        begin(zone, 0, TransferCause.OPERATOR);
    }

    private void begin(SecondaryZone zone, int primary, TransferCause cause) {
        zone.cause = cause;
        if (!zone.first) {
            zone.first = true;
            queue.promote(zone);
        }
        step(zone, new TimerInput.Notified(primary));
    }

    /// Starts as many requests as may run.
    void startWaiting() {
        for (TransferQueue.Turn turn = queue.next(now()); turn != null; turn = queue.next(now())) {
            SecondaryZone zone = turn.zone();
            if (turn.mayAsk() && merges.mustWait(zone)) {
                queue.ends(zone.primary(), true, now());
            } else if (turn.mayAsk()) {
                zone.isRunning = true;
                ask(zone, true);
            } else {
                failed(
                        zone,
                        "it did not answer less than %d s ago"
                                .formatted(TransferQueue.REST_MILLIS / 1_000));
            }
        }
    }

    /// Ends what a zone does after an internal error, so that it goes on with the next primary.
    void fault(SecondaryZone zone, RuntimeException fault) {
        zone.isBuilding = false;
        ended(zone, true);
        failed(zone, "internal error (%s); please report this".formatted(fault));
    }

    /// Ends all that a zone does, because it does not come from primaries any more.
    void drop(SecondaryZone zone) {
        zone.isGone = true;
        zone.waitsIn = null;
        merges.forget(zone);
        ended(zone, true);
        zone.watchers.forEach(watcher -> watcher.completeExceptionally(SecondaryZone.gone()));
        zone.watchers.clear();
    }

    // Rounds.

    private void step(SecondaryZone zone, TimerInput input) {
        ZoneTimers.Step step = zone.timers.on(input, parts.clock().get());
        zone.timers = step.timers();
        for (TimerAction action : step.actions()) {
            switch (action) {
                case TimerAction.Ask(int primary, boolean anyVersion) -> {
                    zone.asked = primary;
                    zone.anyVersion = anyVersion;
                    queue.add(zone, zone.primary(), zone.first);
                }
                case TimerAction.Expire() -> expire(zone);
                case TimerAction.Revive() -> {
                    if (input instanceof TimerInput.UpToDate) {
                        revive(zone);
                    }
                }
            }
        }
        after(zone);
    }

    private void after(SecondaryZone zone) {
        if (zone.timers.round() == null) {
            zone.first = false;
            zone.retransfer = false;
        }
        long half = zone.halfExpiryMillis();
        if (half <= now()) {
            zone.isStale = true;
            parts.deliver()
                    .accept(
                            new Delivery.Stale(
                                    zone.name,
                                    zone.problem(
                                            "no primary has confirmed the zone for half of its EXPIRE time; "
                                                    + zone.lastError())));
            half = Long.MAX_VALUE;
        }
        zone.status = TransferStatus.of(zone, parts.clock().get());
        parts.schedule()
                .at(zone, Math.min(half, Math.min(zone.timers.dueMillis(), zone.promisedMillis)));
        if (zone.timers.round() == null && !zone.watchers.isEmpty()) {
            zone.watchers.forEach(watcher -> watcher.complete(zone.status));
            zone.watchers.clear();
        }
    }

    private void ask(SecondaryZone zone, boolean mayBeIncremental) {
        Primary primary = zone.primary();
        zone.retransfers = zone.retransfer;
        SoaRecord ours = zone.anyVersion || zone.retransfers ? null : zone.soa();
        boolean incremental =
                mayBeIncremental
                        && ours != null
                        && !zone.isUnstored
                        && now() >= zone.wholeUntilMillis[zone.asked];
        TransferLimits usual = parts.settings().limits();
        TransferLimits limits =
                new TransferLimits(
                        usual.octetsMax(),
                        usual.recordsMax(),
                        usual.memoryMax(),
                        usual.versionsMax(),
                        Math.max(CHANGES_MIN, zone.imageOctets),
                        usual.totalMillis(),
                        usual.idleMillis());
        parts.client()
                .ask(
                        primary,
                        new TransferRequest(
                                zone.name,
                                ours,
                                incremental,
                                primary.key(),
                                limits,
                                primary.tls() == null),
                        result -> parts.inbox().put(zone, () -> answered(zone, result)));
    }

    private void ended(SecondaryZone zone, boolean answered) {
        if (zone.isRunning) {
            zone.isRunning = false;
            queue.ends(zone.primary(), answered, now());
        }
    }

    private void answered(SecondaryZone zone, TransferResult result) {
        if (zone.isGone) {
            return;
        }
        parts.counters().answered(result);
        switch (result) {
            case TransferResult.UpToDate(OptionalLong expire) -> upToDate(zone, expire);
            case TransferResult.Behind(int serial) -> behind(zone, serial);
            case TransferResult.Failed(TransferFailure failure, String reason) -> {
                ended(zone, failure != TransferFailure.UNREACHABLE);
                failed(zone, reason);
            }
            case TransferResult.Whole whole -> whole(zone, whole);
            case TransferResult.Changes changes -> changes(zone, changes);
        }
    }

    private void upToDate(SecondaryZone zone, OptionalLong expire) {
        ended(zone, true);
        SoaRecord ours = zone.soa();
        zone.error = "";
        zone.primarySerial = ours == null ? OptionalLong.empty() : serial(ours);
        boolean wasStale = zone.isStale;
        zone.isStale = false;
        promise(zone);
        step(zone, new TimerInput.UpToDate(expire));
        if (wasStale && !zone.timers.isExpired()) {
            parts.deliver().accept(new Delivery.Fresh(zone.name, zone.warnings));
            merges.look(zone);
        }
        ZoneTimers.Saved saved = zone.timers.saved(parts.clock().get());
        if (saved != null && !zone.isUnstored) {
            parts.store().write(zone.name, store -> store.confirm(zone.name, saved), now());
        }
    }

    private void behind(SecondaryZone zone, int serial) {
        ended(zone, true);
        zone.primarySerial = OptionalLong.of(Integer.toUnsignedLong(serial));
        zone.error(
                "%s has serial %s, which is older than ours; 'dns-server zone retransfer %s' takes it"
                        .formatted(zone.primary(), Integer.toUnsignedString(serial), zone.name),
                parts.clock().get());
        promise(zone);
        step(zone, new TimerInput.Behind());
    }

    /// Asks again soon if NOTIFY told of a version that the primary does not serve yet. Primaries
    /// with several servers behind one address do that.
    private void promise(SecondaryZone zone) {
        SoaRecord ours = zone.soa();
        if (ours != null
                && zone.promised.isPresent()
                && SerialOrder.of(zone.promised.getAsInt(), ours.serial()) == SerialOrder.NEWER
                && zone.promisedTries < PROMISE_TRIES_MAX) {
            zone.promisedMillis = now() + (PROMISE_MILLIS << zone.promisedTries++);
        } else {
            zone.promised = OptionalInt.empty();
        }
    }

    private void failed(SecondaryZone zone, String reason) {
        zone.error("%s: %s".formatted(zone.primary(), reason), parts.clock().get());
        log.failed(zone, zone.primary(), reason);
        step(zone, new TimerInput.Failure());
    }

    // Versions that arrive.

    private void whole(SecondaryZone zone, TransferResult.Whole whole) {
        if (!whole.ixfrRefused().isEmpty()) {
            zone.wholeUntilMillis[zone.asked] = now() + WHOLE_MILLIS;
            log.diverged(zone, whole.ixfrRefused());
        }
        Arrived arrived =
                new Arrived(
                        "axfr",
                        whole.soa(),
                        zone.soa(),
                        whole.expireSeconds(),
                        whole.counts(),
                        store ->
                                store.replace(
                                        zone.name,
                                        whole.soa(),
                                        whole.records(),
                                        zone.timers.saved(parts.clock().get())),
                        whole.records().memory(),
                        now());
        zone.isBuilding = true;
        parts.builder()
                .whole(
                        zone.name,
                        whole.soa(),
                        whole.records(),
                        outcome -> parts.inbox().put(zone, () -> built(zone, arrived, outcome)));
    }

    private void changes(SecondaryZone zone, TransferResult.Changes changes) {
        HeldZone held = zone.held;
        if (held == null) {
            throw new IllegalStateException("changes of a zone that is not held");
        }
        Arrived arrived =
                new Arrived(
                        "ixfr",
                        changes.soa(),
                        held.soa(),
                        changes.expireSeconds(),
                        changes.counts(),
                        store ->
                                store.change(
                                        zone.name,
                                        changes.steps(),
                                        zone.timers.saved(parts.clock().get())),
                        changes.counts().octets(),
                        now());
        zone.isBuilding = true;
        parts.builder()
                .later(
                        zone.name,
                        held,
                        changes.steps(),
                        outcome -> parts.inbox().put(zone, () -> built(zone, arrived, outcome)));
    }

    private void built(SecondaryZone zone, Arrived arrived, Outcome outcome) {
        zone.isBuilding = false;
        if (zone.isGone) {
            outcome.discard();
            return;
        }
        switch (outcome) {
            case Outcome.Usable version -> take(zone, arrived, version);
            case Outcome.Diverged(String reason) -> {
                parts.counters().request("diverged");
                log.diverged(zone, reason);
                ask(zone, false);
                merges.look(zone);
            }
            case Outcome.Unusable(Problem problem) -> {
                parts.counters().request("unusable");
                ended(zone, true);
                merges.look(zone);
                zone.primarySerial = serial(arrived.soa);
                if (zone.held != null && !zone.timers.isExpired()) {
                    zone.isStale = true;
                    parts.deliver().accept(new Delivery.Stale(zone.name, problem));
                }
                failed(
                        zone,
                        "serial %d cannot be served: %s"
                                .formatted(zone.primarySerial.getAsLong(), problem));
            }
        }
    }

    private void take(SecondaryZone zone, Arrived arrived, Outcome.Usable version) {
        // First of all: the rest may take a moment, and changes nothing for clients.
        serve(zone, version);
        zone.isStale = false;
        // The operator may have asked for it while changes were under way.
        zone.retransfer &= !zone.retransfers;
        zone.error = "";
        zone.primarySerial = serial(arrived.soa);
        zone.last =
                new LastTransfer(
                        arrived.kind,
                        zone.primary().toString(),
                        zone.cause.label(),
                        TransferStatus.instant(now(), parts.clock().get()),
                        arrived.counts.octets(),
                        arrived.counts.millis(),
                        now() - arrived.millis);
        parts.counters().transferred(arrived.kind, 1, arrived.counts.octets());
        SoaRecord from = arrived.from;
        log.transferred(
                zone,
                zone.last,
                from == null ? "none" : Integer.toUnsignedString(from.serial()),
                arrived.soa.serial(),
                arrived.counts);
        ended(zone, true);
        promise(zone);
        step(zone, new TimerInput.Received(arrived.soa, arrived.expireSeconds));
        store(zone, arrived);
        merges.look(zone);
    }

    /// Stores a version. Until the store says otherwise, it counts as stored.
    private void store(SecondaryZone zone, Arrived arrived) {
        zone.isUnstored = false;
        parts.store()
                .write(
                        zone.name,
                        arrived.write,
                        arrived.octets,
                        now(),
                        isStored -> parts.inbox().put(zone, () -> zone.isUnstored = !isStored));
    }

    /// Serves a version again that had expired, because a primary has confirmed it after all.
    private void revive(SecondaryZone zone) {
        SoaRecord ours = zone.soa();
        if (ours == null || zone.isUnstored) {
            refresh(zone, true);
            return;
        }
        parts.builder()
                .again(
                        zone.name,
                        ours,
                        outcome -> parts.inbox().put(zone, () -> revived(zone, outcome)));
    }

    private void revived(SecondaryZone zone, Outcome outcome) {
        if (zone.isGone) {
            outcome.discard();
        } else if (outcome instanceof Outcome.Usable version) {
            serve(zone, version);
        } else {
            refresh(zone, true);
        }
    }

    private void expire(SecondaryZone zone) {
        merges.forget(zone);
        zone.isStale = false;
        Problem problem =
                zone.problem(
                        "has expired: no primary has confirmed it for the EXPIRE time of its SOA record, so "
                                + zone.withoutData()
                                + "; "
                                + zone.lastError());
        log.expired(zone, problem.toString());
        parts.deliver().accept(new Delivery.Unavailable(zone.name, true, problem));
    }

    private static OptionalLong serial(SoaRecord soa) {
        return OptionalLong.of(Integer.toUnsignedLong(soa.serial()));
    }
}
