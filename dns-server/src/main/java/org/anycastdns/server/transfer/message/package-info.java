/// Whole DNS messages with all their sections, for what is not on the fast path of queries:
/// transfers, NOTIFY, UPDATE. Parsing accepts any octets; what is malformed is a value.
///
/// ```
///   octets -> MessageParser -> ParsedMessage.Sound(WholeMessage) | ParsedMessage.Malformed
///   MessageEncoder: questions and records, compressed -> octets
/// ```
@NullMarked
package org.anycastdns.server.transfer.message;

import org.jspecify.annotations.NullMarked;
