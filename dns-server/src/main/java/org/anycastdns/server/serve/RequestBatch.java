package org.anycastdns.server.serve;

import org.jspecify.annotations.Nullable;

/// Requests that an engine received together and wants answered together.
///
/// Each engine has one implementation. The responder makes one virtual call for each request. A
/// process runs one engine beside {@link SingleRequest}, and the JIT compiler inlines calls with up
/// to two targets, so a third implementation in one process costs speed.
public interface RequestBatch {

    /// Returns the number of requests.
    int size();

    /// Returns the exchange for a request, after {@link Exchange#begin} and with its client set; or
    /// null if the request must get no response, such as one from a broadcast address.
    ///
    /// The responder takes the requests in ascending order, each one once. It uses up to {@link
    /// Responder#WINDOW} exchanges at a time, so at least these must be distinct objects. Request
    /// and response buffer must stay unchanged until {@link Responder#respond(RequestBatch)}
    /// returns.
    ///
    /// @param index 0 to {@link #size} - 1
    @Nullable Exchange take(int index);
}
