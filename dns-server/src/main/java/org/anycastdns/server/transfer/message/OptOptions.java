package org.anycastdns.server.transfer.message;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The EDNS options in the RDATA of an OPT record (RFC 6891 section 6.1.2).
final class OptOptions {

    private static final int HEAD_OCTETS = 4;

    private OptOptions() {}

    /// Returns the content of the first option with a code; null if there is none, or if the
    /// options before it are malformed.
    static byte @Nullable [] find(byte[] rdata, int code) {
        ByteBuffer in = ByteBuffer.wrap(rdata);
        while (in.remaining() >= HEAD_OCTETS) {
            int each = in.getShort() & 0xffff;
            int size = in.getShort() & 0xffff;
            if (size > in.remaining()) {
                return null;
            }
            byte[] content = new byte[size];
            in.get(content);
            if (each == code) {
                return content;
            }
        }
        return null;
    }
}
