package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One request and its response: the engine sets the request, the client and the response buffer,
/// and the responder sets the result. Engines reuse their exchanges, so nothing is allocated per
/// request.
public final class Exchange {

    private MemorySegment request = MemorySegment.NULL;
    private int requestLength;
    private MemorySegment response;
    private Client client = new Client();
    private int responseLength;
    private boolean cacheHit;
    private @Nullable ResponseStream stream;
    private @Nullable CompletableFuture<byte[]> later;
    private @Nullable Throwable fault;

    /// Creates an exchange.
    ///
    /// @param response receives the responses, starting at offset 0; at least {@link
    ///   Responder#RESPONSE_OCTETS_MIN} octets. Complete TCP responses can need 65,535 octets.
    public Exchange(MemorySegment response) {
        this.response = response;
    }

    /// Begins with the next request and clears the previous result. The client stays as it is.
    ///
    /// @param message holds the request, starting at offset 0
    /// @param length length of the request in octets
    public void begin(MemorySegment message, int length) {
        request = message;
        requestLength = length;
        responseLength = 0;
        cacheHit = false;
        stream = null;
        later = null;
        fault = null;
    }

    void begin(MemorySegment message, int length, MemorySegment into, Client from) {
        begin(message, length);
        response = into;
        client = from;
    }

    /// Returns the client of the request, to be filled in by the engine.
    public Client client() {
        return client;
    }

    /// Returns the buffer that holds the response.
    public MemorySegment response() {
        return response;
    }

    /// Returns the length of the response in octets; 0 if no response must be sent.
    public int responseLength() {
        return responseLength;
    }

    /// Returns the messages to send instead of one response, over TCP; null for one response or
    /// none. The engine must close it.
    public @Nullable ResponseStream stream() {
        return stream;
    }

    /// Returns the response that comes later, from any thread, with no octets for none; null if
    /// there is no such response.
    public @Nullable CompletableFuture<byte[]> later() {
        return later;
    }

    /// Returns the internal error because of which there is no response, if there was one.
    public @Nullable Throwable fault() {
        return fault;
    }

    MemorySegment request() {
        return request;
    }

    /// Returns a copy of the request.
    byte[] octets() {
        return request.asSlice(0, requestLength).toArray(ValueLayout.JAVA_BYTE);
    }

    int requestLength() {
        return requestLength;
    }

    /// Returns whether the response came from the response cache.
    boolean isCacheHit() {
        return cacheHit;
    }

    void respond(int length) {
        responseLength = length;
    }

    void respond(ResponseStream messages) {
        stream = messages;
    }

    void respond(CompletableFuture<byte[]> message) {
        later = message;
    }

    void respondFromCache(int length) {
        responseLength = length;
        cacheHit = true;
    }

    void fail(Throwable cause) {
        responseLength = 0;
        fault = cause;
    }
}
