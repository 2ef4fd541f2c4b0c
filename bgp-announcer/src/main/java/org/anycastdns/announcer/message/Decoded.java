package org.anycastdns.announcer.message;

import java.util.List;

/// What became of received octets.
public sealed interface Decoded {

    /// A message without a fault.
    record Intact(Message message) implements Decoded {}

    /// An UPDATE with faults that do not cost the session (RFC 7606): attributes that were wrong
    /// are left out, or all its routes count as withdrawn.
    ///
    /// @param update what is left of it
    /// @param faults what was wrong, a line each
    record Tolerated(Message.Update update, List<String> faults) implements Decoded {

        public Tolerated {
            faults = List.copyOf(faults);
        }
    }

    /// No message: the session has to be closed.
    ///
    /// @param notification what the sender of the octets must be told
    /// @param reason the same for our own operator
    record Broken(Message.Notification notification, String reason) implements Decoded {}
}
