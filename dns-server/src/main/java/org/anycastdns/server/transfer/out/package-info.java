/// How zones leave by transfer: decisions only. Versions of zones and requests go in, messages come
/// out; sockets, clocks and storage are elsewhere.
///
/// ```
///   ProvidedZone     versions of a zone -> ZoneDifference -> history of IxfrSteps
///   TransferRequests request            -> what is asked, or why it is malformed
///   TransferChoice   request, zone      -> AXFR, IXFR or one SOA record, as a RecordSequence
///   MessageSequence  RecordSequence     -> messages, signed one by one
///   NotifyTimer      new versions, replies, time -> when to send NOTIFY
/// ```
@NullMarked
package org.anycastdns.server.transfer.out;

import org.jspecify.annotations.NullMarked;
