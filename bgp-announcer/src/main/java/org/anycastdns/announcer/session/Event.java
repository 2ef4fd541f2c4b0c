package org.anycastdns.announcer.session;

import java.net.InetAddress;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;

/// What can happen to a session (RFC 4271 section 8.1).
public sealed interface Event {

    /// The operator wants the session (events 1 and 3).
    record Start() implements Event {}

    /// The operator does not want it any more (event 2).
    ///
    /// @param text what the neighbor's operator is told
    record Stop(String text) implements Event {}

    /// Another connection with the neighbor stays, and this one goes (event 23).
    record Collided() implements Event {}

    /// There is a connection, ours or the neighbor's (events 16 and 17).
    ///
    /// @param local our end of it
    record Connected(InetAddress local) implements Event {}

    /// There is no connection: the attempt failed, or the connection ended (event 18).
    record Closed(String reason) implements Event {}

    /// A timer ran out (events 9 to 13).
    record Expired(Timer timer) implements Event {}

    /// TCP has taken a message that was sent, which a neighbor that does not read prevents (RFC
    /// 9687).
    record Sent() implements Event {}

    /// A message came (events 19 and 24 to 27).
    record Received(Message message) implements Event {}

    /// Octets came that are no message (events 21, 22 and 28).
    record Garbled(Decoded.Broken broken) implements Event {}

    /// This is the whole set of routes to be announced from now on.
    record Advertise(Advertisements desired) implements Event {}

    /// BFD, which was up, says that the neighbor is gone (RFC 9384).
    record BfdDown(String reason) implements Event {}
}
