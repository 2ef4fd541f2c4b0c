package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.anycastdns.server.transfer.tsig.TsigError;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.ExtendedError;

/// Verifies requests with a TSIG record and signs their responses, for one worker thread. Such
/// requests are rare, so their octets are copied.
final class SignedRequests {

    private final TsigKeys keys;

    SignedRequests(TsigKeys keys) {
        this.keys = keys;
    }

    /// Verifies a request at the time of its client.
    TsigVerdict check(Exchange exchange) {
        byte[] request = exchange.octets();
        return TsigRequests.check(keys, request, request.length, exchange.client().epochSeconds());
    }

    /// Signs the response in a buffer, which has room for the record.
    ///
    /// @return the new length of the response in octets
    static int sign(TsigSigner reply, MemorySegment response, int length, Client client) {
        byte[] plain = response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        byte[] octets = reply.sign(plain, length, client.epochSeconds());
        MemorySegment.copy(octets, 0, response, ValueLayout.JAVA_BYTE, 0, octets.length);
        return octets.length;
    }

    /// Returns the extended error that tells an operator which of zone and key is meant.
    static ExtendedError extendedError(TsigError error) {
        return switch (error) {
            case BADKEY -> ExtendedError.OTHER_KEY;
            case BADSIG -> ExtendedError.OTHER_SIGNATURE;
            case BADTIME -> ExtendedError.OTHER_TIME;
            case BADTRUNC -> ExtendedError.OTHER_TRUNCATION;
        };
    }
}
