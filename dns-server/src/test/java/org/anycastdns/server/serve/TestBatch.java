package org.anycastdns.server.serve;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A batch whose requests a test adds one by one.
public final class TestBatch implements RequestBatch {

    private final Exchange[] exchanges;
    private final MemorySegment[] responses;
    private final boolean[] ignored;
    private int size;

    /// Makes room for requests.
    ///
    /// @param responseOctets size of each response buffer
    public TestBatch(int capacity, int responseOctets) {
        exchanges = new Exchange[capacity];
        responses = new MemorySegment[capacity];
        ignored = new boolean[capacity];
        Arena arena = Arena.ofAuto();
        for (int i = 0; i < capacity; i++) {
            responses[i] = arena.allocate(responseOctets);
            exchanges[i] = new Exchange(responses[i]);
        }
    }

    /// Adds a request.
    public void add(byte[] message, Client from) {
        add(message, message.length, responses[size], from);
    }

    /// Adds a request whose length or response buffer may be wrong.
    void add(byte[] message, int length, MemorySegment into, Client from) {
        exchanges[size].begin(MemorySegment.ofArray(message), length, into, from);
        ignored[size++] = false;
    }

    /// Adds a request that must get no response.
    void addIgnored() {
        add(new byte[0], new Client());
        ignored[size - 1] = true;
    }

    /// Removes all requests.
    public void clear() {
        size = 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Exchange take(int index) {
        return ignored[index] ? null : exchanges[index];
    }

    Exchange exchange(int index) {
        return exchanges[index];
    }

    /// The octets of a response; none if there is no response.
    public byte[] response(int index) {
        Throwable fault = exchanges[index].fault();
        if (fault != null) {
            throw new AssertionError("request " + index, fault);
        }
        return responses[index]
                .asSlice(0, exchanges[index].responseLength())
                .toArray(ValueLayout.JAVA_BYTE);
    }
}
