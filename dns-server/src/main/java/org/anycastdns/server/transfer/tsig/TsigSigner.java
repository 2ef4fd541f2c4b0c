package org.anycastdns.server.transfer.tsig;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Adds TSIG records to a request, or to the messages of one response. Every message is signed,
/// because some clients accept no others (RFC 8945 section 5.3.1).
public final class TsigSigner {

    private static final byte[] NONE = {};

    private final Name keyName;
    private final Name algorithm;
    private final @Nullable TsigKey key;
    private final int macOctets;
    private byte[] priorMac;
    private Failure failure = Failure.NONE;
    private boolean later;

    /// What a signed response says is wrong with the request.
    ///
    /// @param error 0 if nothing is
    /// @param fixedTime the time of BADTIME, which is the client's (RFC 8945 section 5.2.3); -1 for
    ///   the current time
    private record Failure(int error, byte[] other, long fixedTime) {
        static final Failure NONE = new Failure(0, TsigSigner.NONE, -1);
    }

    private TsigSigner(
            Name keyName, Name algorithm, @Nullable TsigKey key, int macOctets, byte[] priorMac) {
        this.keyName = keyName;
        this.algorithm = algorithm;
        this.key = key;
        this.macOctets = macOctets;
        this.priorMac = priorMac;
    }

    /// Returns a signer for one request.
    public static TsigSigner request(TsigKey key) {
        Name algorithm = key.algorithm().wireName();
        return new TsigSigner(key.name(), algorithm, key, key.macOctets(), NONE);
    }

    /// Returns a signer for the response to a verified request. A key that accepts truncated MACs
    /// also sends them.
    static TsigSigner response(TsigKey key, TsigRecord request, int namedOctets) {
        int octets = Math.min(key.macOctets(), namedOctets);
        return new TsigSigner(request.key(), request.algorithm(), key, octets, request.mac());
    }

    /// Returns a signer for the response to a request that failed. BADKEY and BADSIG have no MAC.
    ///
    /// @param key null if the response must not be signed
    static TsigSigner failure(
            TsigError error, TsigRecord request, @Nullable TsigKey key, long nowSeconds) {
        boolean time = error == TsigError.BADTIME;
        byte[] other = NONE;
        if (time) {
            other = new byte[TsigRecord.TIME_OCTETS];
            for (int i = 0; i < other.length; i++) {
                other[i] = (byte) (nowSeconds >>> (8 * (other.length - 1 - i)));
            }
        }
        TsigSigner signer =
                new TsigSigner(
                        request.key(),
                        request.algorithm(),
                        key,
                        key == null ? 0 : key.macOctets(),
                        key == null ? NONE : request.mac());
        signer.failure = new Failure(error.code(), other, time ? request.timeSigned() : -1);
        return signer;
    }

    /// Returns how many octets each message grows by.
    public int octets() {
        return TsigRecord.octets(keyName, algorithm, macOctets, failure.other.length);
    }

    /// Returns a message with a TSIG record at its end.
    ///
    /// @param message holds the message from index 0
    /// @param nowSeconds the time in seconds since 1970
    public byte[] sign(byte[] message, int length, long nowSeconds) {
        TsigRecord record =
                new TsigRecord(
                        length,
                        keyName,
                        algorithm,
                        failure.fixedTime < 0 ? nowSeconds : failure.fixedTime,
                        TsigRecord.FUDGE_SECONDS,
                        NONE,
                        (message[0] & 0xff) << 8 | (message[1] & 0xff),
                        failure.error,
                        failure.other);
        TsigKey signing = key;
        if (signing != null) {
            TsigDigest digest = new TsigDigest(signing, priorMac);
            digest.add(message, length);
            priorMac = Arrays.copyOf(digest.finish(record, later), macOctets);
            later = true;
            record = record.with(priorMac);
        }
        return record.appendTo(message, length);
    }

    /// Returns the MAC of the last message that was signed; empty before the first.
    public byte[] mac() {
        return priorMac.clone();
    }
}
