/// How zones arrive by transfer: decisions only. Octets and events go in, octets and results come
/// out; sockets, clocks and storage are elsewhere.
///
/// ```
///   ZoneTimers    time, NOTIFY, results of rounds  -> Ask(primary), Expire
///   Requester     octets of one primary            -> octets to send, TransferResult
///     TransferStream   records of AXFR and IXFR    -> Records, or IxfrSteps
/// ```
///
/// More than 20 types because the inputs and results of both are small types of their own.
@NullMarked
package org.anycastdns.server.transfer;

import org.jspecify.annotations.NullMarked;
