package org.anycastdns.server.ops;

import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Freezes zones that clients change by UPDATE, so that the operator can edit their files, and
/// thaws them. Any thread may use it.
@FunctionalInterface
public interface ZoneFreeze {

    /// What became of it.
    ///
    /// @param serial the serial of the zone, 0 to 2^32-1
    /// @param fault why nothing has changed, and what to do; empty if it is done
    record Result(long serial, String fault) {}

    /// Freezes or thaws a zone.
    ///
    /// @param frozen whether updates are refused from now on
    /// @return what becomes of it; null if UPDATE does not change the zone
    @Nullable CompletableFuture<Result> set(Name zone, boolean frozen);
}
