/// The same zones and the same questions put to this server and to NSD, Knot and BIND, and the
/// answers compared section by section.
///
/// ```
///   RandomZone (seed) -> zone file -> sign (BIND's tools) -> ours, in process
///        |                                               \-> Peer: knotd, nsd, named as processes
///        \-> questions -> every server -> Reply (normal form) -> equal, or an explained Difference
/// ```
@NullMarked
package org.anycastdns.server.differential;

import org.jspecify.annotations.NullMarked;
