package org.anycastdns.announcer.session;

import java.net.InetAddress;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;

/// An event of a session (RFC 4271 section 8.1). The numbers are those of the RFC.
public sealed interface Event {

    /// The operator starts the session (events 1 and 3).
    record Start() implements Event {}

    /// The operator stops the session (event 2).
    ///
    /// @param text the shutdown text for the neighbor's operator
    record Stop(String text) implements Event {}

    /// This connection lost a connection collision (event 23).
    record Collided() implements Event {}

    /// The connection is established, whichever end opened it (events 16 and 17).
    ///
    /// @param local our address of the connection
    record Connected(InetAddress local) implements Event {}

    /// The attempt to connect failed, or the connection ended (event 18).
    record Closed(String reason) implements Event {}

    /// A timer expired (events 9 to 13).
    record Expired(Timer timer) implements Event {}

    /// TCP has accepted a sent message. It does not when the neighbor stops reading (RFC 9687).
    record Sent() implements Event {}

    /// A message arrived (events 19 and 24 to 27).
    record Received(Message message) implements Event {}

    /// Octets arrived that are not a valid message (events 21, 22 and 28).
    record Garbled(Decoded.Broken broken) implements Event {}

    /// The set of routes to announce changes to `desired`.
    record Advertise(Advertisements desired) implements Event {}

    /// The BFD session with the neighbor was up and went down (RFC 9384).
    record BfdDown(String reason) implements Event {}
}
