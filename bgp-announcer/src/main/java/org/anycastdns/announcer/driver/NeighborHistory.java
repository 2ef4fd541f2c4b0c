package org.anycastdns.announcer.driver;

import java.time.Instant;
import org.anycastdns.announcer.message.Message.Notification;
import org.jspecify.annotations.Nullable;

/// What has happened between us and a neighbor, and what comes next.
///
/// @param lastError why the last session or attempt ended; empty when none did
/// @param lastErrorAt when it ended; null when none did
/// @param received the last NOTIFICATION from the neighbor; null when there was none. A later
///   failure to connect does not replace it, because only it has the words of the neighbor's
///   operator (RFC 9003).
/// @param sent the last NOTIFICATION to the neighbor; null when there was none
/// @param nextAttempt when the next connection is tried; null when none waits
/// @param flaps how many established sessions have ended
public record NeighborHistory(
        String lastError,
        @Nullable Instant lastErrorAt,
        @Nullable Notice received,
        @Nullable Notice sent,
        @Nullable Instant nextAttempt,
        int flaps) {

    /// Nothing has happened yet.
    public static final NeighborHistory NONE = new NeighborHistory("", null, null, null, null, 0);

    /// A NOTIFICATION and its time.
    public record Notice(Notification notification, Instant at) {}

    /// Returns the history of a neighbor to which nothing has happened, for this reason.
    static NeighborHistory because(String reason) {
        return new NeighborHistory(reason, null, null, null, null, 0);
    }

    /// Returns the history after a session or an attempt has ended.
    NeighborHistory failed(String reason, Instant now) {
        return new NeighborHistory(reason, now, received, sent, nextAttempt, flaps);
    }

    /// Returns the history after the neighbor has sent a NOTIFICATION.
    NeighborHistory received(Notification notification, Instant now) {
        Notice notice = new Notice(notification, now);
        return new NeighborHistory(lastError, lastErrorAt, notice, sent, nextAttempt, flaps);
    }

    /// Returns the history after we have sent a NOTIFICATION.
    NeighborHistory sent(Notification notification, Instant now) {
        Notice notice = new Notice(notification, now);
        return new NeighborHistory(lastError, lastErrorAt, received, notice, nextAttempt, flaps);
    }

    /// Returns the history with another time of the next attempt; null when none waits.
    NeighborHistory next(@Nullable Instant attempt) {
        return new NeighborHistory(lastError, lastErrorAt, received, sent, attempt, flaps);
    }

    /// Returns the history after an established session has ended.
    NeighborHistory flapped() {
        return new NeighborHistory(lastError, lastErrorAt, received, sent, nextAttempt, flaps + 1);
    }
}
