package org.anycastdns.server.transfer.secondary;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
    final List<Primary> primaries;
    final AtomicBoolean isNotified = new AtomicBoolean();
    volatile TransferStatus status;

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

    /// The primary that is asked, or waited for.
    int asked;

    boolean anyVersion;
    @Nullable Object waitsIn;

    /// Whether the round began with NOTIFY or by the operator.
    boolean first;

    TransferCause cause = TransferCause.START;

    /// Whether the operator wants the next version whatever its serial is.
    boolean retransfer;

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

    SecondaryZone(Name name, int number, List<Primary> primaries, ZoneTimers timers) {
        this.name = name;
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

    /// Returns the primary that is asked.
    Primary primary() {
        return primaries.get(asked);
    }
}
