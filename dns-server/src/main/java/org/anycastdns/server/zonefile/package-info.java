/// Reads and checks master files (RFC 1035 section 5). It reports all mistakes in one pass, each
/// with file, line and column. A {@link Source} supplies the text, so nothing here does I/O.
///
/// ```
///   Source -> Scanner -> MasterFile -> ZoneFile (records and their positions) -> Zone
///   (text)   (tokens)        |             |
///                            v             v
///                       RecordReader      check.ZoneCheck (a zone as a whole) -> problem.Problems
///                       RdataReader       ZonemdCheck (RFC 8976)
/// ```
///
/// {@link ReadRules} set how severe contradictions between records are. The cases are listed in
/// `docs/reference/zone-policy.md`; each has a test.
@NullMarked
package org.anycastdns.server.zonefile;

import org.jspecify.annotations.NullMarked;
