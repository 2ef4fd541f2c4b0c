/// The zone as the answer path sees it: immutable, complete and checked, built beside the old one
/// and swapped as a whole.
///
/// ```
///   records -> ZoneBuilder -> Zone (nodes by keyed hash: every owner and empty non-terminal,
///                               |   each knowing its closest cut or DNAME above, its wildcard)
///                               v
///                            ZoneSet (zones by apex; the longest matching apex answers)
/// ```
@NullMarked
package org.anycastdns.server.zone;

import org.jspecify.annotations.NullMarked;
