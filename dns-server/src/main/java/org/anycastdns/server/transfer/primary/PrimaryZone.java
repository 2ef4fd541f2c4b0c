package org.anycastdns.server.transfer.primary;

import java.util.List;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.wire.Name;

/// A zone that secondaries may have, as it is configured.
///
/// @param access who may transfer it
/// @param targets who is told of new versions
public record PrimaryZone(Name name, AccessList access, List<NotifyTarget> targets) {

    public PrimaryZone {
        targets = List.copyOf(targets);
    }
}
