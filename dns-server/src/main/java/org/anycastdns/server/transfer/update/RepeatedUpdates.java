package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.anycastdns.server.wire.Name;

/// Remembers signed requests, so that one that comes again is answered as the first and changes
/// nothing more. Clients send again over UDP when the response is late or lost. The signature
/// covers the whole message with its original ID and the time, so equal signatures mean the same
/// request. The ID itself does not count: a secondary that forwards a repeat gives it a new one.
///
/// The oldest request is forgotten first. Requests without a good signature must not come here:
/// nobody without a key can drive out others. Used by one thread.
public final class RepeatedUpdates {

    /// The most requests that are remembered: the repeats of ten seconds at 1,600 updates a second.
    /// Clients send again after three seconds.
    static final int REQUESTS_MAX = 16_384;

    /// How long a request is remembered, in milliseconds. A TSIG record is valid for 300 seconds
    /// before and after the time signed (RFC 8945 section 10); after it a repeat fails by itself.
    static final long REQUEST_MILLIS = 600_000;

    private final LinkedHashMap<Request, Remembered> requests = new LinkedHashMap<>();

    private record Request(Name key, ByteBuffer mac) {
        private static Request of(Name key, byte[] mac) {
            return new Request(key, ByteBuffer.wrap(mac.clone()));
        }
    }

    private record Remembered(long millis, Arrival whenRepeated) {}

    /// What to do with a request.
    public sealed interface Arrival {

        /// It is new: carry it out, then call {@link #answered} or {@link #forget}.
        record First() implements Arrival {}

        /// It is being carried out: send nothing, the response to the first comes.
        record Unanswered() implements Arrival {}

        /// It was carried out: send the same RCODE again.
        record Answered(int rcode) implements Arrival {}
    }

    /// Takes a request whose signature is right, and remembers it.
    ///
    /// @param mac the MAC of its TSIG record
    /// @param nowMillis of a clock that only runs forward
    public Arrival arrived(Name key, byte[] mac, long nowMillis) {
        Iterator<Remembered> oldest = requests.values().iterator();
        while (oldest.hasNext() && nowMillis - oldest.next().millis() >= REQUEST_MILLIS) {
            oldest.remove();
        }
        Request request = Request.of(key, mac);
        Remembered before = requests.get(request);
        if (before != null) {
            return before.whenRepeated();
        }
        if (requests.size() == REQUESTS_MAX) {
            Map.Entry<Request, Remembered> _ = requests.pollFirstEntry();
        }
        requests.put(request, new Remembered(nowMillis, new Arrival.Unanswered()));
        return new Arrival.First();
    }

    /// Notes the RCODE of the response. Nothing happens if the request is not remembered any more.
    public void answered(Name key, byte[] mac, int rcode) {
        Remembered _ =
                requests.computeIfPresent(
                        Request.of(key, mac),
                        (_, before) ->
                                new Remembered(before.millis(), new Arrival.Answered(rcode)));
    }

    /// Forgets a request that could not be carried out for now, such as with SERVFAIL: a repeat
    /// tries again.
    public void forget(Name key, byte[] mac) {
        Remembered _ = requests.remove(Request.of(key, mac));
    }
}
