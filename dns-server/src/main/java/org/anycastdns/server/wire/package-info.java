/// Bytes to values and back: names, types, the query parser and the response writer of the DNS
/// message format (RFC 1035 section 4, RFC 6891). Total on any input: hostile bytes become a value,
/// never an exception, and nothing is allocated per message.
///
/// ```
///   request bytes -> Query (flyweight, with its NameBuffer) -> ... -> MessageWriter -> response
/// ```
@NullMarked
package org.anycastdns.server.wire;

import org.jspecify.annotations.NullMarked;
