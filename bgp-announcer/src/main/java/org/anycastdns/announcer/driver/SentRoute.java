package org.anycastdns.announcer.driver;

import java.time.Instant;
import org.anycastdns.announcer.message.Message.Update;
import org.anycastdns.announcer.message.Prefix;

/// A route that a neighbor has been sent and that was not withdrawn.
///
/// @param since when it was sent with these attributes
/// @param update an UPDATE with its attributes, as they are on the wire
public record SentRoute(Prefix prefix, Instant since, Update update) {}
