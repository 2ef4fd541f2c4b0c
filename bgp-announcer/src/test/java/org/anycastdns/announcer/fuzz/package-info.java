/// The fuzz targets. Each takes any octets and throws when a promise is broken. `deploy/fuzz` runs
/// them under Jazzer; {@link CorpusTest} replays seeds and findings without it.
///
/// ```
///   deploy/fuzz (Jazzer) --+--> MessageFuzz --> Codec: octets -> message -> octets -> message
///   CorpusTest ------------+--> SessionFuzz --> Session.on: events, one octet or message each
///     src/test/resources/corpus/TARGET/
/// ```
///
/// A new target needs a class with `fuzzerTestOneInput`, a line in the tables of {@link CorpusTest}
/// and `deploy/fuzz`, and a folder of seeds.
@NullMarked
package org.anycastdns.announcer.fuzz;

import org.jspecify.annotations.NullMarked;
