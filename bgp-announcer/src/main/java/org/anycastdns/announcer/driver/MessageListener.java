package org.anycastdns.announcer.driver;

import org.anycastdns.announcer.message.Message;

/// Receives the messages of a neighbor, on its event loop. Every method does nothing unless
/// overridden.
interface MessageListener {

    /// Ignores every message: an announcer learns no routes.
    MessageListener NONE = new MessageListener() {};

    /// Called for an OPEN, acceptable or not.
    default void opened(Message.Open open) {}

    /// Called for an UPDATE.
    default void updated(Message.Update update) {}

    /// Called when the connection has ended.
    default void ended(String reason) {}
}
