package org.anycastdns.server.serve;

import java.nio.charset.StandardCharsets;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Answers the CHAOS names that identify the server (RFC 4892) and its version.
final class Chaos {

    private static final byte[] ID_SERVER = Name.of("id.server.").wire();
    private static final byte[] HOSTNAME_BIND = Name.of("hostname.bind.").wire();
    private static final byte[] VERSION_SERVER = Name.of("version.server.").wire();
    private static final byte[] VERSION_BIND = Name.of("version.bind.").wire();

    private final byte[] identity;
    private final byte @Nullable [] version;

    Chaos(Identity identity) {
        this.identity = characterString(identity.name());
        this.version = identity.version().isEmpty() ? null : characterString(identity.version());
    }

    private static byte[] characterString(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        byte[] rdata = new byte[octets.length + 1];
        rdata[0] = (byte) octets.length;
        System.arraycopy(octets, 0, rdata, 1, octets.length);
        return rdata;
    }

    /// Returns the TXT RDATA of a name, or null if the name does not exist or its text is hidden.
    byte @Nullable [] text(NameBuffer name) {
        if (name.equals(0, ID_SERVER) || name.equals(0, HOSTNAME_BIND)) {
            return identity;
        }
        return name.equals(0, VERSION_SERVER) || name.equals(0, VERSION_BIND) ? version : null;
    }

    /// Writes the TXT record of a name.
    ///
    /// @return whether there was room
    static boolean write(MessageWriter writer, NameBuffer owner, byte[] text) {
        boolean fits =
                writer.record(
                        owner.wire(),
                        owner.length(),
                        RecordType.TXT,
                        RecordClass.CH,
                        0,
                        text,
                        0,
                        text.length,
                        0,
                        0);
        writer.addAnswers(fits ? 1 : 0);
        return fits;
    }
}
