/// Request bytes in, response bytes out: the one function that every transport, test, fuzzer and
/// benchmark calls.
///
/// ```
///   request -> Query.parse -> ZoneSet.find -> Lookup -> Answer -> MessageWriter -> response
///      |                                    |                                   |    |
///      |                   of a batch: all names' memory is asked for           |    |
///      |                                                                        |    |
///      |    Repeats <--- kept, when it came twice in a row to a place ----------/    v
///      \--> the same datagram, the same zones: copied --> response ------> Tally (counters)
/// ```
@NullMarked
package org.anycastdns.server.serve;

import org.jspecify.annotations.NullMarked;
