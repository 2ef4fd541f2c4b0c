package org.anycastdns.announcer.session;

/// One connection of a neighbor, with its state machine (RFC 4271 section 8). It includes the wait
/// before the connection is opened.
///
/// @param connectionId identifies the connection; never reused
/// @param incoming whether the neighbor opened it
/// @param state the state of its state machine
record NeighborConnection(int connectionId, boolean incoming, State state) {}
