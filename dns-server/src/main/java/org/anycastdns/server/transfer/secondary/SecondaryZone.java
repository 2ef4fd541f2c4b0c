package org.anycastdns.server.transfer.secondary;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// What is known of one zone that comes from primaries. The thread `transfer` owns it, except for
/// the fields that any thread may read.
final class SecondaryZone {

    // For any thread.
    final Name name;
    final Kind kind;
    final List<Primary> primaries;
    final AtomicBoolean isNotified = new AtomicBoolean();
    volatile TransferStatus status;

    /// Whether the zone does not come from primaries any more. What is still under way for it has
    /// no effect.
    volatile boolean isGone;

    // For the thread that owns it.
    final int number;
    ZoneTimers timers;
    long dueMillis;
    @Nullable HeldZone held;
    List<Problem> warnings = List.of();

    /// The size of the image in service, in octets.
    long imageOctets;

    /// Whether a request is under way, or what it brought is being built.
    boolean isRunning;

    /// Whether what a request brought is being built.
    boolean isBuilding;

    /// The primary that is asked, or waited for.
    int asked;

    boolean anyVersion;
    @Nullable Object waitsIn;

    /// Whether the round began with NOTIFY or by the operator.
    boolean first;

    TransferCause cause = TransferCause.START;

    /// When a primary last sent NOTIFY, in seconds since 1970; 0 for never.
    long notifiedSeconds;

    /// Whether the operator wants the whole zone whatever its serial is.
    boolean retransfer;

    /// Whether the request under way is for that.
    boolean retransfers;

    /// Until when each primary is asked for the whole zone, because it refused IXFR.
    final long[] wholeUntilMillis;

    /// Whether the store does not have the version that is held, so that only a whole zone helps.
    boolean isUnstored;

    boolean isStale;

    /// The serial that a NOTIFY told, while the primary does not have it yet.
    OptionalInt promised = OptionalInt.empty();

    int promisedBy;
    int promisedTries;
    long promisedMillis = Long.MAX_VALUE;

    OptionalLong primarySerial = OptionalLong.empty();
    String error = "";
    long errorSeconds;
    @Nullable LastTransfer last;
    final List<CompletableFuture<TransferStatus>> watchers = new ArrayList<>();

    /// Why a zone comes from primaries.
    enum Kind {
        /// The operator has listed it.
        CONFIGURED,
        /// A catalog lists it.
        MEMBER,
        /// It is a catalog, which is followed but not served.
        CATALOG
    }

    SecondaryZone(
            Name name, Kind kind, int number, Collection<Primary> primaries, ZoneTimers timers) {
        this.name = name;
        this.kind = kind;
        this.number = number;
        this.primaries = List.copyOf(primaries);
        this.timers = timers;
        this.wholeUntilMillis = new long[primaries.size()];
        java.util.Arrays.fill(wholeUntilMillis, Long.MIN_VALUE);
        this.status = TransferStatus.NONE;
    }

    /// Returns the SOA record of the version that is held, or null.
    @Nullable SoaRecord soa() {
        HeldZone version = held;
        return version == null ? null : version.soa();
    }

    /// Returns whether a version is held that can be served.
    boolean hasImage() {
        return held != null && kind != Kind.CATALOG;
    }

    /// Returns what it means that the zone has no data, or none that are good any more.
    String withoutData() {
        return kind == Kind.CATALOG ? "its members stay as they are" : "it answers SERVFAIL";
    }

    /// Returns what commands get that wait for a zone which is gone.
    static IllegalStateException gone() {
        return new IllegalStateException("the zone does not come from primaries any more");
    }

    /// Returns when the zone becomes stale, if no primary answers.
    long halfExpiryMillis() {
        ZoneTimers.Held held = timers.held();
        return held == null || held.expired() || isStale
                ? Long.MAX_VALUE
                : held.successMillis() + (held.expireMillis() - held.successMillis()) / 2;
    }

    /// Returns an error of the zone.
    Problem problem(String text) {
        return Problem.whole(VersionBuilder.origin(name), Problem.Severity.ERROR, text);
    }

    /// Notes an error.
    void error(String text, Moment now) {
        error = text;
        errorSeconds = now.epochSeconds();
    }

    /// Returns the last error as a part of a sentence.
    String lastError() {
        return error.isEmpty() ? "no request has failed" : "the last error: " + error;
    }

    /// Returns the primary that is asked.
    Primary primary() {
        return primaries.get(asked);
    }
}
