/// What fuzzers call: each class takes any octets and throws when a promise is broken.
/// `deploy/fuzz` runs them under Jazzer; {@link CorpusTest} replays seeds and findings without it.
///
/// ```
///   deploy/fuzz (Jazzer) --+--> MessageFuzz --> Codec: octets -> message -> octets -> message
///   CorpusTest ------------+--> SessionFuzz --> Session.on: events, one octet or message each
///     src/test/resources/corpus/TARGET/
/// ```
///
/// Another target is a class with `fuzzerTestOneInput`, a line in {@link CorpusTest}'s table and
/// one in that of `deploy/fuzz`, and a folder of seeds.
@NullMarked
package org.anycastdns.announcer.fuzz;

import org.jspecify.annotations.NullMarked;
