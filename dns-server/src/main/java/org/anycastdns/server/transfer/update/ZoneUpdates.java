package org.anycastdns.server.transfer.update;

import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.update.UpdateResult.Changed;
import org.anycastdns.server.transfer.update.UpdateResult.Rejected;
import org.anycastdns.server.transfer.update.UpdateResult.Unchanged;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;

/// How one zone is updated (RFC 2136 section 3). It accepts any request.
///
/// @param policy who may change what
/// @param serials how the serial grows
/// @param limits what the zone may become
public record ZoneUpdates(UpdatePolicy policy, SerialPolicy serials, UpdateLimits limits) {

    /// Decides what a request does to the present version of the zone.
    ///
    /// @param zone the zone that the request names
    /// @param key name of the key whose signature was verified; null if the request is not signed
    /// @param epochSeconds the time in seconds since 1970, for the serial
    public UpdateResult decide(
            ZoneView zone, UpdateRequest request, @Nullable Name key, long epochSeconds) {
        Rejected rejected = policy.check(zone, request, key);
        if (rejected == null) {
            rejected = Prerequisites.check(zone, request.prerequisites());
        }
        if (rejected == null) {
            rejected = Prescan.check(zone.soa().record().owner(), request.updates());
        }
        return rejected == null ? change(zone, request, epochSeconds) : rejected;
    }

    private UpdateResult change(ZoneView zone, UpdateRequest request, long epochSeconds) {
        ChangedZone changed = new ChangedZone(zone);
        for (MessageRecord record : request.updates()) {
            changed.on(record);
        }
        IxfrStep step = changed.step(serials, epochSeconds);
        if (step == null) {
            return new Unchanged();
        }
        String reason = ResultCheck.check(changed, step, limits);
        return reason == null ? new Changed(step) : new Rejected(Rcode.REFUSED, reason);
    }
}
