/// Serves the same zones with this server and with NSD, Knot and BIND, sends them the same queries,
/// and compares the responses section by section.
///
/// ```
///   RandomZone (seed) -> zone file -> sign (BIND's tools) -> ours, in process
///        |                                               \-> Peer: knotd, nsd, named as processes
///        \-> queries -> every server -> Reply (normal form) -> equal, or an explained Difference
/// ```
@NullMarked
package org.anycastdns.server.differential;

import org.jspecify.annotations.NullMarked;
