package org.anycastdns.server.rdata;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.anycastdns.server.wire.CompressedNames;

/// Reads the RDATA of one whole message: decompresses names and checks every field. Names are
/// decompressed only in types in which senders have ever compressed them (RFC 3597 section 4).
public final class RdataExpander {

    private final byte[] message;
    private final CompressedNames names;
    private final ByteBuffer expanded = ByteBuffer.allocate(RdataReader.OCTETS_MAX);
    private String failure = "";

    /// Reads the RDATA of a message.
    ///
    /// @param message holds the message from index 0
    /// @param names reads names of the same message
    public RdataExpander(byte[] message, CompressedNames names) {
        this.message = message;
        this.names = names;
    }

    /// Reads RDATA; {@link #octets} has the result. A type that the table does not list is copied
    /// as it is.
    ///
    /// @param from where the RDATA starts
    /// @param to where the RDATA ends, at most the message's length
    /// @return false if the RDATA is not valid for its type; {@link #failure} says why
    public boolean expand(int type, int from, int to) {
        expanded.clear();
        Field[] fields = RecordTypes.fields(type);
        if (fields.length == 0) {
            expanded.put(message, from, to - from);
            return true;
        }
        RdataOctets in = new RdataOctets(message, from, to);
        for (Field field : fields) {
            int start = from + in.position();
            boolean read =
                    (field instanceof NameField name && name.mayArriveCompressed())
                            ? name(in, start, to)
                            : field.check(in) && copy(in, start, from + in.position());
            if (!read) {
                failure = field.label() + ": " + in.failure();
                return false;
            }
        }
        failure = in.left() + " octets are left over";
        return in.left() == 0;
    }

    private boolean name(RdataOctets in, int start, int to) {
        int behind = names.read(start, to);
        if (behind < 0) {
            return in.refuse("the name is malformed, or its pointer leads out of the message");
        }
        return (names.appendTo(expanded) && in.skip(behind - start)) || tooLong(in);
    }

    private boolean copy(RdataOctets in, int start, int end) {
        if (expanded.remaining() < end - start) {
            return tooLong(in);
        }
        expanded.put(message, start, end - start);
        return true;
    }

    private static boolean tooLong(RdataOctets in) {
        return in.refuse("more than %d octets".formatted(RdataReader.OCTETS_MAX));
    }

    /// Returns a copy of the uncompressed RDATA that {@link #expand} read last.
    public byte[] octets() {
        return Arrays.copyOf(expanded.array(), expanded.position());
    }

    /// Returns why the last RDATA is not valid: the field and the reason.
    public String failure() {
        return failure;
    }
}
