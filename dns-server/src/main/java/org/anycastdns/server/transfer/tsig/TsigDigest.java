package org.anycastdns.server.transfer.tsig;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import org.anycastdns.server.wire.Header;

/// The MAC over one message, or several (RFC 8945 section 4.3).
final class TsigDigest {

    private final Mac mac;

    /// Starts with the MAC of the message before; empty for a request.
    TsigDigest(TsigKey key, byte[] priorMac) {
        mac = key.mac();
        if (priorMac.length > 0) {
            mac.update((byte) (priorMac.length >>> 8));
            mac.update((byte) priorMac.length);
            mac.update(priorMac);
        }
    }

    /// Adds a message without TSIG record.
    void add(byte[] message, int length) {
        mac.update(message, 0, length);
    }

    /// Adds a message whose TSIG record is left out: the count goes down by one, and the ID is the
    /// original one.
    void add(byte[] message, TsigRecord record) {
        ByteBuffer header = ByteBuffer.wrap(Arrays.copyOf(message, Header.OCTETS));
        header.putShort(0, (short) record.originalId());
        header.putShort(Header.ARCOUNT, (short) (header.getShort(Header.ARCOUNT) - 1));
        mac.update(header.array());
        mac.update(message, Header.OCTETS, record.offset() - Header.OCTETS);
    }

    /// Adds the variables of a record, or its timers only, and returns the MAC.
    byte[] finish(TsigRecord record, boolean timersOnly) {
        return mac.doFinal(timersOnly ? record.timers() : record.variables());
    }

    /// Returns whether a MAC that may be truncated is right. The time that this takes does not
    /// depend on where they differ.
    static boolean isRight(byte[] expected, byte[] given) {
        return given.length <= expected.length
                && MessageDigest.isEqual(Arrays.copyOf(expected, given.length), given);
    }
}
