package org.anycastdns.announcer.ops;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The operations that the admin HTTP server offers on the running announcer. Thread-safe; they do
/// not wait for neighbors.
public interface Controls {

    /// Returns the current status.
    Snapshot snapshot();

    /// Takes a service out of traffic until [#resume].
    ///
    /// @param service the name of the service; null for all services
    /// @param reason the operator's reason
    /// @throws IllegalArgumentException when there is no such service; the message says which exist
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void drain(@Nullable String service, String reason);

    /// Ends a drain. The prefixes are announced once the service is healthy.
    ///
    /// @param service the name of the service; null for all services
    /// @throws IllegalArgumentException when there is no such service; the message says which exist
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void resume(@Nullable String service);

    /// Reads the configuration again and applies it if that is safe.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may be lost
    Answer reload(boolean allowWithdraw);

    /// Reads the configuration again and says what [#reload] would do. Changes nothing.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may be lost
    Answer dryRun(boolean allowWithdraw);

    /// The result of an order.
    enum Verdict {
        DONE,
        /// The configuration is valid, but applying it is not safe.
        REFUSED,
        /// The configuration is invalid.
        INVALID
    }

    /// The answer for the operator.
    ///
    /// @param lines the answer for people
    /// @param json the same for programs, ready to be written as JSON
    record Answer(Verdict verdict, List<String> lines, Map<String, Object> json) {
        public Answer {
            lines = List.copyOf(lines);
            json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
        }
    }
}
