package org.anycastdns.announcer.driver;

import org.anycastdns.announcer.message.Message;

/// Hears what a neighbour says, on the conversation's event loop.
interface Tap {

    /// Does not listen: an announcer learns no routes.
    Tap NONE = new Tap() {};

    /// Its OPEN came, acceptable or not.
    default void opened(Message.Open open) {}

    /// It told of routes.
    default void updated(Message.Update update) {}

    /// The connection is over.
    default void ended(String reason) {}
}
