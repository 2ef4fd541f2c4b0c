package org.anycastdns.server.transfer.tsig;

import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;

/// Verifies the messages of a response to a signed request (RFC 8945 sections 5.3.1 and 5.4). The
/// first and the last message must be signed. Up to 99 messages in between may be unsigned; the
/// next signature covers them.
public final class TsigStream {

    /// The most unsigned messages between two signed ones (RFC 8945 section 5.3.1).
    public static final int UNSIGNED_MAX = 99;

    private final TsigKey key;
    private TsigDigest digest;
    private int unsigned;
    private boolean begun;

    /// Begins a response.
    ///
    /// @param requestMac the MAC of the request
    public TsigStream(TsigKey key, byte[] requestMac) {
        this.key = key;
        this.digest = new TsigDigest(key, requestMac);
    }

    /// Verifies the next message. After a failure, everything that came is to be discarded.
    ///
    /// @param message holds the message from index 0; any octets are accepted
    /// @param nowSeconds the time in seconds since 1970
    /// @return what is wrong, for the operator; null if the message can be used once {@link
    ///   #isComplete}
    public @Nullable String check(byte[] message, int length, long nowSeconds) {
        return switch (TsigRecord.find(message, length)) {
            case TsigRecord.Found.Nothing() -> unsigned(message, length);
            case TsigRecord.Found.Malformed(String reason) -> reason;
            case TsigRecord.Found.One(TsigRecord record) -> signed(message, record, nowSeconds);
        };
    }

    private @Nullable String unsigned(byte[] message, int length) {
        if (!begun) {
            return "the response is not signed; the request was, with key " + key.name();
        }
        if (unsigned == UNSIGNED_MAX) {
            return "more than %d messages are not signed".formatted(UNSIGNED_MAX);
        }
        unsigned++;
        digest.add(message, length);
        return null;
    }

    private @Nullable String signed(byte[] message, TsigRecord record, long nowSeconds) {
        @Nullable TsigMethod named = TsigAlgorithm.named(record.algorithm());
        if (record.mac().length == 0 && record.error() != 0) {
            return told(record);
        }
        if (!record.key().equals(key.name())
                || named == null
                || named.algorithm() != key.algorithm()) {
            return "the response is signed with key %s (%s), not %s (%s)"
                    .formatted(
                            record.key(),
                            record.algorithm(),
                            key.name(),
                            key.algorithm().wireName());
        }
        int octets = record.mac().length;
        if (octets > key.algorithm().macOctets() || octets < key.algorithm().macOctetsMin()) {
            return "the MAC of the response has %d octets".formatted(octets);
        }
        digest.add(message, record);
        if (!TsigDigest.isRight(digest.finish(record, begun), record.mac())) {
            return "BADSIG: the MAC of the response is wrong: the secrets of key %s differ"
                    .formatted(key.name());
        }
        if (record.error() != 0) {
            return told(record);
        }
        if (!record.isTimely(nowSeconds)) {
            return "BADTIME: the response was signed %d s from now; %d s are allowed"
                    .formatted(Math.abs(nowSeconds - record.timeSigned()), record.fudge());
        }
        if (octets < key.macOctets()) {
            return "BADTRUNC: the MAC of the response has %d octets, less than %d"
                    .formatted(octets, key.macOctets());
        }
        unsigned = 0;
        digest = new TsigDigest(key, record.mac());
        begun = true;
        return null;
    }

    /// Returns the error that the other side told.
    private String told(TsigRecord record) {
        TsigError error = TsigError.of(record.error());
        return error == null
                ? "the server refused key %s with TSIG error %s"
                        .formatted(key.name(), Rcode.name(record.error()))
                : "the server refused key %s: %s, %s".formatted(key.name(), error, error.meaning());
    }

    /// Returns whether the last message was signed, so that all messages are verified.
    public boolean isComplete() {
        return begun && unsigned == 0;
    }
}
