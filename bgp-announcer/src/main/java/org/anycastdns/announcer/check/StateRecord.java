package org.anycastdns.announcer.check;

import java.util.Map;
import org.anycastdns.announcer.health.Observation.Beat;
import org.jspecify.annotations.Nullable;

/// The state record that the responder sends on its lifeline:
/// `{"state":"ready","identity":"ams1","zones":12,"records":3456,"queries":789,"time":"2026-..."}`.
final class StateRecord {

    private StateRecord() {}

    /// Returns whether a state record is the last one for this connection, because others need its
    /// place.
    static boolean isDisplaced(Map<String, Object> record) {
        return Boolean.TRUE.equals(record.get("displaced"));
    }

    /// Returns a state record as a beat, or null if it is none.
    static @Nullable Beat beat(Map<String, Object> record) {
        if (!(record.get("state") instanceof String word)
                || !(record.get("identity") instanceof String identity)
                || !(record.get("zones") instanceof Integer zones)) {
            return null;
        }
        long queries =
                record.get("queries") instanceof Number count ? count.longValue() : Beat.UNCOUNTED;
        return switch (word) {
            case "loading" -> new Beat(Beat.State.LOADING, identity, zones, queries);
            case "ready" -> new Beat(Beat.State.READY, identity, zones, queries);
            case "draining" -> new Beat(Beat.State.DRAINING, identity, zones, queries);
            default -> null;
        };
    }
}
