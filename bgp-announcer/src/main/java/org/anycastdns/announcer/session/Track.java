package org.anycastdns.announcer.session;

/// One of the state machines of a neighbour, and the connection it waits for or has.
///
/// @param life the number of this connection, from the wait before it to its end: no other has it
/// @param incoming whether the neighbour opened it
/// @param state its state
record Track(int life, boolean incoming, State state) {}
