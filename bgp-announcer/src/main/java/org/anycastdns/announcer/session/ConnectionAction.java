package org.anycastdns.announcer.session;

/// An action on one connection of a neighbor. [Action.Close] is the last action on a connection and
/// also stops its timers.
///
/// @param connectionId the connection the action applies to
public record ConnectionAction(int connectionId, Action action) {}
