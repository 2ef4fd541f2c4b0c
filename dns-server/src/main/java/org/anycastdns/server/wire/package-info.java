/// The DNS message format (RFC 1035 section 4, RFC 6891): names, types, the query parser and the
/// response writer.
///
/// Parsing accepts any input: hostile bytes give a value and never an exception. Nothing is
/// allocated per message.
///
/// ```
///   request bytes -> Query (flyweight, with its NameBuffer) -> ... -> MessageWriter -> response
/// ```
@NullMarked
package org.anycastdns.server.wire;

import org.jspecify.annotations.NullMarked;
