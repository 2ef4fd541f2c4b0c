/// Zones and queries made up from a seed: the same numbers always give the same octets, on every
/// machine, so that a measurement can be repeated. Pure: no file is opened, no clock read.
///
/// ```
///   Labels (index -> a label of its own)      Zipf (few are popular)
///      |                                        |
///      +--> TldZone ----> master-file text      |
///      |       +--------> TldQueries <----------+----> Query, Query, ...
///      +--> SmallZones -> master-file texts     |
///              +--------> SmallZoneQueries <----+
/// ```
@NullMarked
package org.anycastdns.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
