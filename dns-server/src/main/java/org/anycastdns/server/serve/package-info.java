/// Turns request octets into response octets. Every transport, test, fuzzer and benchmark uses this
/// one entry point.
///
/// An engine implements {@link org.anycastdns.server.serve.RequestBatch}: it says how many requests
/// it has and hands them out one by one, each as an {@link org.anycastdns.server.serve.Exchange} of
/// request, client and response buffer. It reads the results from the same exchanges and sends
/// them. A single request is a batch of one.
///
/// ```
///   engine                                Responder.respond(batch)
///
///   RequestBatch.size, take  ----------->  1. read       for up to 16 exchanges at a time:
///      Exchange: request, client,             ResponseCache hit: the response is copied
///                response buffer              miss: Query.parse -> ZoneSet.find -> RequestSlot
///                                          2. prefetch   the zone data for all names in slots
///                                          3. answer     for each slot:
///                                             Lookup -> Answer -> AnswerWriter -> MessageWriter
///   Exchange.responseLength, fault <-----     then the ResponseCache may keep the response
///      the engine sends what is longer
///      than 0 octets
/// ```
///
/// All requests of a batch are answered from the same zones ({@link
/// org.anycastdns.server.serve.ServedZones}). A fault of this program costs one response. Each
/// worker thread has its own responder with its own {@link
/// org.anycastdns.server.serve.WorkerCounters}.
///
/// What is no plain query (NOTIFY, UPDATE, AXFR, IXFR) goes to a {@link
/// org.anycastdns.server.serve.ControlDoor}, whose reply may be a {@link
/// org.anycastdns.server.serve.ResponseStream} of many messages. More than 20 types because that
/// door and its values are types beside those of the fast path.
@NullMarked
package org.anycastdns.server.serve;

import org.jspecify.annotations.NullMarked;
