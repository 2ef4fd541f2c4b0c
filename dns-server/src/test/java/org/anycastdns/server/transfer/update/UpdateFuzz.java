package org.anycastdns.server.transfer.update;

import java.nio.ByteBuffer;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;

/// Any octets as the UPDATE messages of a client that may change everything.
///
/// ```
///   2 octets length | message | 2 octets length | message ...
/// ```
///
/// Each change is a step that fits the zone exactly. The zone in the end can be written to a file
/// and loaded again without an error.
public final class UpdateFuzz {

    private UpdateFuzz() {}

    /// Updates a zone by some messages.
    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        UpdatedZone zone = UpdatedZone.of(RandomUpdates.zone());
        int serial = zone.serial();
        while (in.remaining() > Short.BYTES) {
            byte[] message = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(message);
            if (MessageParser.parse(message) instanceof ParsedMessage.Sound(WholeMessage sound)
                    && UpdateRequest.of(sound)
                            instanceof UpdateRequest.Parsed.Sound(UpdateRequest request)) {
                UpdateResult _ = zone.on(request);
            }
        }
        if (zone.serial() != serial) {
            zone.loadsAgain();
        }
    }
}
