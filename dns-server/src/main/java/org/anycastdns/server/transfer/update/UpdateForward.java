package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Opcode;
import org.jspecify.annotations.Nullable;

/// An UPDATE on its way from a client through a secondary to the primary and back (RFC 2136 section
/// 6). Only the message ID changes: TSIG signs the original one, so both signatures stay right (RFC
/// 8945 section 5.5).
///
/// @param clientId the message ID of the client, 0 to 65535
/// @param id the message ID of the forwarded request, 0 to 65535; random
public record UpdateForward(int clientId, int id) {

    /// Returns a forward of a request.
    ///
    /// @param request a message of at least a header
    /// @param id the new message ID, 0 to 65535; random
    public static UpdateForward of(byte[] request, int id) {
        return new UpdateForward(idOf(request), id);
    }

    /// Returns the request for the primary. It goes over TCP, whatever it came over: then nothing
    /// is lost on the way (RFC 2136 section 6.2 wants TCP for what came over TCP).
    public byte[] request(byte[] request) {
        return withId(request, id);
    }

    /// Returns the response for the client; null if a message is not the response to this request.
    /// Its signature is for the client to verify.
    ///
    /// @param response any octets
    public byte @Nullable [] response(byte[] response) {
        if (response.length < Header.OCTETS || idOf(response) != id) {
            return null;
        }
        int flags = ByteBuffer.wrap(response).getShort(Header.FLAGS);
        boolean isUpdate = (flags >>> Header.OPCODE_SHIFT & Header.OPCODE_MASK) == Opcode.UPDATE;
        return (flags & Header.QR) != 0 && isUpdate ? withId(response, clientId) : null;
    }

    private static int idOf(byte[] message) {
        return ByteBuffer.wrap(message).getShort() & 0xffff;
    }

    private static byte[] withId(byte[] message, int id) {
        byte[] copy = message.clone();
        ByteBuffer.wrap(copy).putShort((short) id);
        return copy;
    }
}
