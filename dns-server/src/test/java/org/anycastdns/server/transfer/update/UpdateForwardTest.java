package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.junit.jupiter.api.Test;

/// Case 112: an UPDATE that a secondary forwards.
class UpdateForwardTest {

    private static final long NOW = UpdatedZone.EPOCH_SECONDS;
    private static final int NEW_ID = 0xABCD;
    private static final TsigKey KEY = key("client.");

    private static TsigKey key(String name) {
        byte[] secret = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        return new TsigKey(Name.of(name), TsigAlgorithm.HMAC_SHA256, secret);
    }

    private static byte[] plain() {
        return UpdateMessages.message("example.", "add a.example. 60 A 192.0.2.1").toWire();
    }

    private static TsigVerdict check(byte[] message, TsigKey... keys) {
        return TsigRequests.check(new TsigKeys(List.of(keys)), message, message.length, NOW);
    }

    /// The primary verifies the client's signature, and the client that of the primary.
    @Test
    void bothSignaturesStayRight() {
        TsigSigner client = TsigSigner.request(KEY);
        byte[] request = client.sign(plain(), plain().length, NOW);
        UpdateForward forward = UpdateForward.of(request, NEW_ID);
        byte[] forwarded = forward.request(request);
        assertArrayEquals(
                Arrays.copyOfRange(request, 2, request.length),
                Arrays.copyOfRange(forwarded, 2, forwarded.length));
        TsigVerdict.Verified primary =
                assertInstanceOf(TsigVerdict.Verified.class, check(forwarded, KEY));

        byte[] answer = response(forwarded);
        byte[] signed = primary.reply().sign(answer, answer.length, NOW);
        byte[] returned = forward.response(signed);
        assertNotNull(returned);
        assertEquals(request[0], returned[0]);
        assertEquals(request[1], returned[1]);
        assertNotEquals(signed[0], returned[0]);
        assertNull(new TsigStream(KEY, client.mac()).check(returned, returned.length, NOW));
    }

    private static byte[] response(byte[] request) {
        byte[] header = Arrays.copyOf(request, Header.OCTETS);
        header[Header.FLAGS] = (byte) (Header.QR >> 8 | Opcode.UPDATE << 3);
        Arrays.fill(header, Header.QDCOUNT, Header.OCTETS, (byte) 0);
        return header;
    }

    @Test
    void otherMessagesAreNoResponse() {
        UpdateForward forward = UpdateForward.of(plain(), NEW_ID);
        byte[] response = response(forward.request(plain()));
        assertNotNull(forward.response(response));
        assertNull(forward.response(Arrays.copyOf(response, Header.OCTETS - 1)));
        assertNull(forward.response(forward.request(plain())));
        byte[] otherId = response.clone();
        otherId[1] ^= 1;
        assertNull(forward.response(otherId));
        byte[] query = response.clone();
        query[Header.FLAGS] = (byte) (Header.QR >> 8);
        assertNull(forward.response(query));
    }
}
