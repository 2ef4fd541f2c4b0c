/// Zones and queries that are generated from a seed. The same parameters give the same bytes on
/// every machine, so that a measurement can be repeated. The package opens no file and reads no
/// clock.
///
/// ```
///   Labels (index -> a unique label)          Zipf (a few are popular)
///      |                                        |
///      +--> TldZone ----> master-file text      |
///      |       +--------> TldQueries <----------+----> Query, Query, ...
///      +--> SmallZones -> master-file texts     |
///              +--------> SmallZoneQueries <----+
/// ```
@NullMarked
package org.anycastdns.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
