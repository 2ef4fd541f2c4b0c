package org.anycastdns.announcer.message;

import java.util.List;

/// The result of decoding received octets.
public sealed interface Decoded {

    /// A well-formed message.
    record Intact(Message message) implements Decoded {}

    /// An UPDATE with errors that do not close the session (RFC 7606). Malformed attributes are
    /// left out, or all routes of the UPDATE count as withdrawn.
    ///
    /// @param update the UPDATE without the malformed parts
    /// @param faults the errors, one line each
    record Tolerated(Message.Update update, List<String> faults) implements Decoded {

        public Tolerated {
            faults = List.copyOf(faults);
        }
    }

    /// An error that closes the session.
    ///
    /// @param notification the NOTIFICATION to send to the peer
    /// @param reason the same error in words for our own operator
    record Broken(Message.Notification notification, String reason) implements Decoded {}
}
