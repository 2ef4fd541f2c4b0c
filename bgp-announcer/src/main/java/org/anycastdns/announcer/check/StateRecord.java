package org.anycastdns.announcer.check;

import java.util.Map;
import org.anycastdns.announcer.health.Observation.Beat;
import org.jspecify.annotations.Nullable;

/// The state record that the responder sends on its lifeline:
/// `{"state":"ready","identity":"ams1","zones":12,"records":3456,"queries":789,"time":"2026-..."}`.
final class StateRecord {

    private StateRecord() {}

    /// Parses a state record into a beat. Returns null if the text is not a state record.
    static @Nullable Beat parse(String json) {
        Map<?, ?> record = Json.object(json);
        if (record == null
                || !(record.get("state") instanceof String word)
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
