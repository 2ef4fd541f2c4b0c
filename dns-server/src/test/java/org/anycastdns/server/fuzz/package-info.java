/// The fuzz targets. Each takes any octets and throws when a promise is broken. `deploy/fuzz` runs
/// them under Jazzer; {@link CorpusTest} replays seeds and findings without it.
///
/// ```
///   deploy/fuzz (Jazzer) --+--> QueryFuzz, OptFuzz --> Asked: Responder over sample zones
///   CorpusTest ------------+--> ZoneFuzz --> WholeWay: ZoneFile, image, image file, and Asked over
///     src/test/resources/corpus/TARGET/       that zone for all that it has
/// ```
///
/// A new target needs a class with `fuzzerTestOneInput`, a line in the tables of {@link CorpusTest}
/// and `deploy/fuzz`, and a folder of seeds.
@NullMarked
package org.anycastdns.server.fuzz;

import org.jspecify.annotations.NullMarked;
