package org.anycastdns.announcer.driver;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;

/// An event that a [Collector] reports.
public sealed interface CollectorEvent {

    /// Returns the time of the event.
    Instant time();

    /// Returns the address of the peer.
    InetSocketAddress peer();

    /// The peer sent an OPEN, acceptable or not.
    record Opened(Instant time, InetSocketAddress peer, Message.Open open)
            implements CollectorEvent {}

    /// The peer announced a route, for the first time or again.
    ///
    /// @param update the UPDATE with the attributes of the route
    record Announced(Instant time, InetSocketAddress peer, Prefix prefix, Message.Update update)
            implements CollectorEvent {}

    /// A route ended.
    ///
    /// @param reason "withdrawn" when the peer withdrew it, else why the session ended
    record Withdrawn(Instant time, InetSocketAddress peer, Prefix prefix, String reason)
            implements CollectorEvent {}

    /// The peer has sent all its routes of a family (End-of-RIB).
    record RibEnded(Instant time, InetSocketAddress peer, Family family)
            implements CollectorEvent {}

    /// The session ended, or a connection that never became one.
    record SessionEnded(Instant time, InetSocketAddress peer, String reason)
            implements CollectorEvent {}
}
