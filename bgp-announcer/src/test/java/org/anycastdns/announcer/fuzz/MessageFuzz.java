package org.anycastdns.announcer.fuzz;

import java.util.Arrays;
import org.anycastdns.announcer.message.Codec;
import org.anycastdns.announcer.message.Decoded;
import org.anycastdns.announcer.message.Message;

/// Any octets as a BGP message: a message that can be written and read again, or a NOTIFICATION
/// that can be sent.
///
/// ```
///   1 octet: four-octet AS numbers (1), with a header made here (2) | octets, or type and body
/// ```
public final class MessageFuzz {

    private MessageFuzz() {}

    /// Decodes once.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Codec codec = new Codec((data[0] & 1) != 0);
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        switch (codec.decode((data[0] & 2) != 0 ? framed(rest) : rest)) {
            case Decoded.Intact(Message message) -> writtenAndRead(codec, message);
            case Decoded.Tolerated(Message.Update update, var faults) -> {
                require(!faults.isEmpty(), "no fault is named");
                writtenAndRead(codec, update);
            }
            case Decoded.Broken broken -> {
                require(!broken.reason().isEmpty(), "no reason");
                require(broken.notification().code() > 0, "code 0");
                writtenAndRead(codec, broken.notification());
            }
        }
    }

    /// Type and body with a marker and a length before them.
    static byte[] framed(byte[] typeAndBody) {
        byte[] octets = new byte[Codec.LENGTH_AT + 2 + typeAndBody.length];
        Arrays.fill(octets, 0, Codec.LENGTH_AT, (byte) 0xff);
        octets[Codec.LENGTH_AT] = (byte) (octets.length >> 8);
        octets[Codec.LENGTH_AT + 1] = (byte) octets.length;
        System.arraycopy(typeAndBody, 0, octets, Codec.LENGTH_AT + 2, typeAndBody.length);
        return octets;
    }

    private static void writtenAndRead(Codec codec, Message message) {
        byte[] octets = codec.encode(message);
        Decoded again = codec.decode(octets);
        require(
                again.equals(new Decoded.Intact(message)),
                "written and read again " + message + " is " + again);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
