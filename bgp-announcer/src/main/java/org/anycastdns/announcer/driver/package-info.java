/// Runs the BGP and BFD sessions. Each neighbor has an event loop that feeds events to its
/// [org.anycastdns.announcer.session.NeighborConnections], carries out the actions, and owns the
/// connections and timers.
///
/// ```
///   RouteSink <-- Speakers: a Speaker for each configured neighbor; follows configurations
///
///   advertise(routes) --> Speaker --+--> NeighborDriver (neighbor 1, event loop 1) <--> transport
///   status()          <--           +--> NeighborDriver (neighbor 2, event loop 2) <--> transport
///   Listeners: sockets -----------> '--  inboundHandler() of the neighbor          <-- transport
///     Visitors: a driver for each neighbor that connects from a range
///     LinkNeighbor: finds a neighbor without an address <--> transport.LinkRouters
///                          ^ bfdDown
///   BfdSessions: one thread --> BfdDriver (neighbor n) <--> transport.Datagrams
///
///   Observer          <-- state changes, updates sent, from the loop of the neighbor
///
///   Collector: listens, one NeighborDriver for each connection, reports CollectorEvents
/// ```
///
/// More than 20 types because each owner of sockets, and each row that others read, is a small
/// type.
@NullMarked
package org.anycastdns.announcer.driver;

import org.jspecify.annotations.NullMarked;
