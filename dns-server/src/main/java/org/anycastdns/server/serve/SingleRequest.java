package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A batch of one request, for {@link Responder#respond(MemorySegment, int, MemorySegment,
/// Client)}.
final class SingleRequest implements RequestBatch {

    private final Exchange exchange = new Exchange(MemorySegment.NULL);

    void begin(MemorySegment request, int length, MemorySegment into, Client from) {
        exchange.begin(request, length, into, from);
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Exchange take(int index) {
        return exchange;
    }

    /// Returns the length of the response; throws the fault that there was instead.
    int responseLength() {
        @Nullable Throwable fault = exchange.fault();
        if (fault instanceof RuntimeException exception) {
            throw exception;
        }
        if (fault instanceof Error error) {
            throw error;
        }
        return exchange.responseLength();
    }
}
