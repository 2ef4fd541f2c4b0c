package org.anycastdns.server.serve;

/// SipHash-2-4, the keyed hash of server cookies (RFC 9018 section 4.4). Its input is words of
/// eight octets in little-endian order. Reusable, not thread-safe.
final class SipHash {

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    void begin(long key0, long key1) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    /// Finishes the hash and returns it.
    ///
    /// @param rest the remaining octets that do not fill a word, at most seven
    /// @param length length of the whole message in octets
    long finish(long rest, int length) {
        add((long) length << 56 | rest);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
