package org.anycastdns.announcer.driver;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;

/// What a [Collector] hears.
public sealed interface Observation {

    /// When.
    Instant time();

    /// From where.
    InetSocketAddress peer();

    /// An OPEN came, whether or not it was acceptable.
    record Opened(Instant time, InetSocketAddress peer, Message.Open open) implements Observation {}

    /// A route was announced, or announced again.
    ///
    /// @param update the UPDATE it came in, with its attributes
    record Announced(Instant time, InetSocketAddress peer, Prefix prefix, Message.Update update)
            implements Observation {}

    /// A route is gone.
    ///
    /// @param reason "withdrawn" when the neighbour said so, else the reason its session ended for
    record Withdrawn(Instant time, InetSocketAddress peer, Prefix prefix, String reason)
            implements Observation {}

    /// All routes of a family have been sent.
    record RibEnded(Instant time, InetSocketAddress peer, Family family) implements Observation {}

    /// The session, or the connection before it became one, is over.
    record SessionEnded(Instant time, InetSocketAddress peer, String reason)
            implements Observation {}
}
