/// Sessions at work: each neighbour has an event loop that carries out the actions of its
/// [org.anycastdns.announcer.session.Tracks], owns its connections and timers, and feeds the events
/// back.
///
/// ```
///   advertise(routes) --> Speaker --+--> Conversation (neighbour 1, event loop 1) <--> transport
///   status()          <--           +--> Conversation (neighbour 2, event loop 2) <--> transport
///   listen(address)   -->           '--  seat() of the neighbour that connects     <-- transport
///                          ^ bfdDown
///   BfdSessions: one thread --> BfdConversation (neighbour n) <--> transport.Datagrams
///
///   Observer          <-- state changes, updates sent, from the loop of the neighbour
///
///   Collector: listens, one Conversation for each connection, reports what it hears
/// ```
@NullMarked
package org.anycastdns.announcer.driver;

import org.jspecify.annotations.NullMarked;
