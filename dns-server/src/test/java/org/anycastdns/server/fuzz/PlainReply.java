package org.anycastdns.server.fuzz;

import static org.anycastdns.server.fuzz.Asked.require;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A response read in the plainest way, without the server's code and without dnsjava, which does
/// not know every type: each record with its names written out, all letters in lower case.
///
/// @param rcode the four bits of the header
/// @param sections answer, authority and additional
record PlainReply(int rcode, boolean authoritative, boolean truncated, List<List<Plain>> sections) {

    private static final int POINTER = 0xc0;
    private static final int FIXED_OCTETS = 10;
    private static final int HEADER_OCTETS = 12;
    private static final int TYPE_SOA = 6;
    private static final int TYPE_MX = 15;

    /// One record; names and data in hexadecimal digits.
    record Plain(String owner, int type, String data) {}

    /// @throws AssertionError when the response cannot be read to its end, and no further
    static PlainReply of(byte[] message) {
        Reader reader = new Reader(message);
        require(message.length >= HEADER_OCTETS, "no header");
        for (int i = reader.u16(4); i > 0; i--) {
            reader.name();
            reader.at += 4;
        }
        List<List<Plain>> sections = new ArrayList<>();
        for (int section = 0; section < 3; section++) {
            List<Plain> records = new ArrayList<>();
            for (int i = reader.u16(6 + 2 * section); i > 0; i--) {
                records.add(reader.record());
            }
            sections.add(records);
        }
        require(reader.at == message.length, "octets after the last record");
        return new PlainReply(
                message[3] & 15, (message[2] & 4) != 0, (message[2] & 2) != 0, sections);
    }

    List<Plain> answer() {
        return sections.get(0);
    }

    List<Plain> authority() {
        return sections.get(1);
    }

    /// Octets as they are compared here.
    static String lowerCase(byte[] octets) {
        byte[] folded = octets.clone();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = fold(folded[i]);
        }
        return HexFormat.of().formatHex(folded);
    }

    private static byte fold(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 'a' - 'A') : octet;
    }

    private static final class Reader {
        private final byte[] message;
        private int at = HEADER_OCTETS;

        Reader(byte[] message) {
            this.message = message;
        }

        private int u16(int offset) {
            return (message[offset] & 0xff) << 8 | (message[offset + 1] & 0xff);
        }

        Plain record() {
            String owner = lowerCase(name());
            int type = u16(at);
            int length = u16(at + FIXED_OCTETS - 2);
            at += FIXED_OCTETS;
            int end = at + length;
            require(end <= message.length, "a record that is cut off");
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            int names = names(type);
            copy(data, names > 0 && type == TYPE_MX ? at + 2 : at);
            for (int i = 0; i < names; i++) {
                data.writeBytes(name());
            }
            require(at <= end, "a name that is longer than its record");
            copy(data, end);
            return new Plain(owner, type, lowerCase(data.toByteArray()));
        }

        private void copy(ByteArrayOutputStream into, int end) {
            into.write(message, at, end - at);
            at = end;
        }

        /// Names that RFC 1035 lets be compressed.
        private static int names(int type) {
            return switch (type) {
                case 2, 3, 4, 5, 7, 8, 9, 12, TYPE_MX -> 1;
                case TYPE_SOA, 14 -> 2;
                default -> 0;
            };
        }

        private byte[] name() {
            ByteArrayOutputStream name = new ByteArrayOutputStream();
            int from = at;
            int end = 0;
            while (message[from] != 0) {
                int length = message[from] & 0xff;
                if (length >= POINTER) {
                    int target = u16(from) & 0x3fff;
                    require(target < from, "a pointer forwards");
                    end = end == 0 ? from + 2 : end;
                    from = target;
                } else {
                    require(length < 64, "a bad label");
                    name.write(message, from, length + 1);
                    from += length + 1;
                }
                require(name.size() < 255, "a name that is too long");
            }
            name.write(0);
            at = end == 0 ? from + 1 : end;
            return name.toByteArray();
        }
    }
}
