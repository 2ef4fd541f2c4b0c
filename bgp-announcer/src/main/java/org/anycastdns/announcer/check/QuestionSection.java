package org.anycastdns.announcer.check;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The octets of the question in a message: a name, which is never compressed there, a type and a
/// class (RFC 1035 section 4.1.2).
final class QuestionSection {

    /// Where the question begins: after the header.
    static final int START = 12;

    private static final int FLAGS_AT = 2;
    private static final int COUNT_AT = 4;

    /// The bit QR, and the four bits of the opcode, which is 0 in a query.
    private static final int RESPONSE_AND_OPCODE = 0xf8;

    private static final int RESPONSE = 0x80;

    private static final int TYPE_AND_CLASS_OCTETS = 4;

    /// The bit by which lower case letters differ from upper case ones in ASCII.
    private static final int CASE = 0x20;

    private QuestionSection() {}

    /// Makes each letter of the name upper or lower case by chance. Servers return it as it is, and
    /// compare names without regard to case.
    static void mixCase(byte[] request, RandomGenerator random) {
        long bits = random.nextLong();
        for (int at = START; request[at] != 0; ) {
            int end = at + 1 + request[at];
            for (at++; at < end; at++) {
                if (at % Long.SIZE == 0) {
                    bits = random.nextLong(); // one for each octet
                }
                if (isLetter(request[at]) && (bits >>> at & 1) == 1) {
                    request[at] ^= CASE;
                }
            }
        }
    }

    /// Returns how a message differs from a response to a request, in words to which the question
    /// is appended; null when it does not.
    ///
    /// @param exact whether the name must have the same letters, upper and lower case
    static @Nullable String difference(byte[] request, byte[] wire, boolean exact) {
        if (wire.length < START || (wire[FLAGS_AT] & RESPONSE_AND_OPCODE) != RESPONSE) {
            return "a message that is no reply to";
        }
        int end = end(request);
        boolean whole = wire.length >= end && wire[COUNT_AT] == 0 && wire[COUNT_AT + 1] == 1;
        boolean spelled = true;
        for (int at = START; whole && at < end; at++) {
            if (request[at] != wire[at]) {
                spelled = false;
                whole = isLetter(request[at]) && (request[at] ^ wire[at]) == CASE;
            }
        }
        if (!whole) {
            return "a reply to another question than";
        }
        return spelled || !exact ? null : "a reply without the query's upper and lower case for";
    }

    private static int end(byte[] request) {
        int at = START;
        while (request[at] != 0) {
            at += 1 + request[at];
        }
        return at + 1 + TYPE_AND_CLASS_OCTETS;
    }

    private static boolean isLetter(byte octet) {
        int lower = octet | CASE;
        return lower >= 'a' && lower <= 'z';
    }
}
