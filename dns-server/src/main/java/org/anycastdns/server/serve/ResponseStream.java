package org.anycastdns.server.serve;

import org.jspecify.annotations.Nullable;

/// A response of many messages, each made when the client has read those before. Used by one thread
/// at a time.
public interface ResponseStream {

    /// Makes the next message.
    ///
    /// @param epochSeconds the time in seconds since 1970
    /// @return the message, at most 65,535 octets; null after the last one
    byte @Nullable [] next(long epochSeconds);

    /// Releases what the stream holds: after its last message, or when its connection has ended
    /// before. Further calls do nothing.
    void close();
}
