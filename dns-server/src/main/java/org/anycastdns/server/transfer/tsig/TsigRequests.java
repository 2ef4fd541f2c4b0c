package org.anycastdns.server.transfer.tsig;

import org.jspecify.annotations.Nullable;

/// Verifies the TSIG records of requests (RFC 8945 section 5.2).
public final class TsigRequests {

    private TsigRequests() {}

    /// Verifies a request: the key, the MAC, the time, the truncation, in this order.
    ///
    /// @param message holds the request from index 0; any octets are accepted
    /// @param nowSeconds the time in seconds since 1970
    public static TsigVerdict check(TsigKeys keys, byte[] message, int length, long nowSeconds) {
        return switch (TsigRecord.find(message, length)) {
            case TsigRecord.Found.Nothing() -> new TsigVerdict.Unsigned();
            case TsigRecord.Found.Malformed(String reason) -> new TsigVerdict.Malformed(reason);
            case TsigRecord.Found.One(TsigRecord record) ->
                    check(keys, message, record, nowSeconds);
        };
    }

    private static TsigVerdict check(
            TsigKeys keys, byte[] message, TsigRecord record, long nowSeconds) {
        TsigKey key = keys.find(record.key());
        @Nullable TsigMethod named = TsigAlgorithm.named(record.algorithm());
        if (key == null
                || named == null
                || named.algorithm() != key.algorithm()
                || named.macOctets() < key.macOctets()) {
            return failed(TsigError.BADKEY, record, null, nowSeconds);
        }
        // RFC 8945 section 5.2.2.1: such a MAC is no MAC at all.
        int octets = record.mac().length;
        if (octets > named.macOctets() || octets < key.algorithm().macOctetsMin()) {
            return new TsigVerdict.Malformed(
                    "a TSIG MAC of %s cannot have %d octets"
                            .formatted(key.algorithm().word(), octets));
        }
        TsigDigest digest = new TsigDigest(key, new byte[0]);
        digest.add(message, record);
        if (!TsigDigest.isRight(digest.finish(record, false), record.mac())) {
            return failed(TsigError.BADSIG, record, null, nowSeconds);
        }
        if (!record.isTimely(nowSeconds)) {
            return failed(TsigError.BADTIME, record, key, nowSeconds);
        }
        if (octets < key.macOctets()) {
            return failed(TsigError.BADTRUNC, record, key, nowSeconds);
        }
        return new TsigVerdict.Verified(key, TsigSigner.response(key, record, named.macOctets()));
    }

    private static TsigVerdict failed(
            TsigError error, TsigRecord record, @Nullable TsigKey key, long nowSeconds) {
        return new TsigVerdict.Failed(error, TsigSigner.failure(error, record, key, nowSeconds));
    }
}
