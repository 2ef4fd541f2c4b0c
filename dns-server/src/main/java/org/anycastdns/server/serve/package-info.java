/// Request bytes in, response bytes out: the one entry point that every transport, test, fuzzer and
/// benchmark calls.
///
/// ```
///   request -> Query.parse -> ZoneSet.find -> Lookup -> Answer -> MessageWriter -> response
///      |                                    |                                   |    |
///      |               in a batch: the data of all names is prefetched          |    |
///      |                                                                        |    |
///      |    ResponseCache (response cache) <--- filled after a repeated request ------/    v
///      \--> same datagram, same zones: copied -------> response ------> WorkerCounters (counters)
/// ```
@NullMarked
package org.anycastdns.server.serve;

import org.jspecify.annotations.NullMarked;
