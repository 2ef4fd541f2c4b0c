/// Master files (RFC 1035 section 5): text to records, with every mistake found in one go and shown
/// at its file, line and column. Texts come from a {@link Source}, so nothing here does I/O.
///
/// ```
///   Source -> Scanner -> MasterFile -> ZoneFile (records and where they stand) -> Zone
///   (text)   (tokens)      |  ^            |
///                          v  |            v
///                      RdataReader        ZoneCheck (a zone as a whole) -> Problems
///                                         ZonemdCheck (RFC 8976)
/// ```
///
/// {@link ReadRules} say how severe it is that records contradict each other; the cases stand in
/// `docs/reference/zone-policy.md`, each a test.
@NullMarked
package org.anycastdns.server.zonefile;

import org.jspecify.annotations.NullMarked;
