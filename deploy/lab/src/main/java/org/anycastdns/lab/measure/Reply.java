package org.anycastdns.lab.measure;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The relevant parts of a response to an SOA query.
///
/// @param id ID of the message
/// @param pop the NSID, which names the PoP that answered, or "" if there is none
/// @param serial the zone's serial, or -1 if the response is not right
public record Reply(int id, String pop, long serial) {

    private static final int TYPE_SOA = 6;
    private static final int TYPE_OPT = 41;
    private static final int OPTION_NSID = 3;
    private static final int HEADER = 12;

    /// SERIAL, REFRESH, RETRY, EXPIRE and MINIMUM end the RDATA (RFC 1035 section 3.3.13).
    private static final int SOA_NUMBERS = 20;

    /// QR and AA set, opcode 0, TC clear, RCODE 0.
    private static final int FLAGS_MASK = 0xFE0F;

    private static final int FLAGS_GOOD = 0x8400;

    /// Returns a query for a zone's SOA, with EDNS and NSID (RFC 5001).
    ///
    /// @param id ID of the message
    /// @param zone name without final dot
    public static byte[] question(int id, String zone) {
        ByteBuffer query = ByteBuffer.allocate(HEADER + zone.length() + 2 + 4 + 11 + 4);
        query.putShort((short) id).putShort((short) 0).putShort((short) 1);
        query.putShort((short) 0).putShort((short) 0).putShort((short) 1);
        for (String label : zone.split("\\.")) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) TYPE_SOA).putShort((short) 1);
        query.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) 1232).putInt(0);
        query.putShort((short) 4).putShort((short) OPTION_NSID).putShort((short) 0);
        return query.array();
    }

    /// Parses a response. Any response that is not right gets serial -1.
    public static Reply parse(ByteBuffer message) {
        int id = -1;
        long serial = -1;
        String pop = "";
        try {
            id = message.getShort() & 0xFFFF;
            boolean good = (message.getShort() & FLAGS_MASK) == FLAGS_GOOD;
            int questions = message.getShort() & 0xFFFF;
            int answers = message.getShort() & 0xFFFF;
            int rest = (message.getShort() & 0xFFFF) + (message.getShort() & 0xFFFF);
            for (int i = 0; i < questions; i++) {
                skipName(message);
                message.getInt();
            }
            for (int i = 0; i < answers + rest; i++) {
                skipName(message);
                int type = message.getShort() & 0xFFFF;
                message.getShort();
                message.getInt();
                ByteBuffer data =
                        message.slice(message.position() + 2, message.getShort() & 0xFFFF);
                message.position(message.position() + data.capacity());
                if (type == TYPE_SOA && i < answers && good) {
                    serial = data.getInt(data.capacity() - SOA_NUMBERS) & 0xFFFF_FFFFL;
                } else if (type == TYPE_OPT) {
                    pop = nsid(data);
                }
            }
            return new Reply(id, pop, serial);
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | IllegalArgumentException _) {
            return new Reply(id, pop, -1);
        }
    }

    private static String nsid(ByteBuffer options) {
        while (options.hasRemaining()) {
            int code = options.getShort() & 0xFFFF;
            byte[] value = new byte[options.getShort() & 0xFFFF];
            options.get(value);
            if (code == OPTION_NSID) {
                return new String(value, StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private static void skipName(ByteBuffer message) {
        for (int length; (length = message.get() & 0xFF) != 0; ) {
            if (length >= 0xC0) {
                message.get();
                return;
            }
            message.position(message.position() + length);
        }
    }
}
