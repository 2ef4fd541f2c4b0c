package org.anycastdns.server.wire;

import java.nio.ByteBuffer;

/// Reads the names of one whole message, compressed or not (RFC 1035 section 4.1.4). It accepts any
/// octets: what is not a name is a value and never an exception.
///
/// A pointer must lead to an earlier place of the same message, behind the header. Therefore no
/// name loops, and none depends on another message. Used beside the fast path, which reads only
/// uncompressed names ({@link NameBuffer}).
public final class CompressedNames {

    /// The most pointers of one name. Each useful pointer leads to at least one label.
    private static final int POINTERS_MAX = Name.LABELS_MAX;

    private static final int POINTER = 0xc0;

    private final byte[] message;
    private final int end;
    private final byte[] wire = new byte[Name.OCTETS_MAX];
    private int length;

    /// Reads the names of a message.
    ///
    /// @param message holds the message from index 0
    /// @param end length of the message in octets
    public CompressedNames(byte[] message, int end) {
        this.message = message;
        this.end = end;
    }

    /// Reads a name.
    ///
    /// @param start offset of the name
    /// @param limit offset behind the last octet that the name may take at its start, at most the
    ///   message's length; pointers lead out of it
    /// @return the offset behind the name; -1 if there is no valid name
    public int read(int start, int limit) {
        length = 0;
        int at = start;
        int until = Math.min(limit, end);
        int behind = -1;
        int lowest = start;
        int pointers = 0;
        while (at < until) {
            int size = message[at] & 0xff;
            if (size == 0) {
                wire[length++] = 0;
                return behind < 0 ? at + 1 : behind;
            }
            if (size < POINTER) {
                // The root label still has to fit.
                boolean fits =
                        size <= Name.LABEL_OCTETS_MAX
                                && at + 1 + size <= until
                                && length + size + 2 <= Name.OCTETS_MAX;
                if (!fits) {
                    return -1;
                }
                System.arraycopy(message, at, wire, length, size + 1);
                length += size + 1;
                at += size + 1;
                continue;
            }
            if (at + 2 > until || ++pointers > POINTERS_MAX) {
                return -1;
            }
            int target = (size & ~POINTER) << 8 | (message[at + 1] & 0xff);
            if (target < Header.OCTETS || target >= lowest) {
                return -1;
            }
            behind = behind < 0 ? at + 2 : behind;
            lowest = target;
            at = target;
            until = end;
        }
        return -1;
    }

    /// Returns the name that {@link #read} found last.
    public Name name() {
        return Name.read(wire, 0);
    }

    /// Appends the uncompressed name that {@link #read} found last.
    ///
    /// @return false, with nothing appended, if there is no room
    public boolean appendTo(ByteBuffer to) {
        if (to.remaining() < length) {
            return false;
        }
        to.put(wire, 0, length);
        return true;
    }

    /// Returns the offset behind a name whose labels are not read.
    ///
    /// @return -1 if the name does not end within the message
    public int skip(int start) {
        int at = start;
        while (at < end) {
            int size = message[at] & 0xff;
            if (size == 0) {
                return at + 1;
            }
            if (size >= POINTER) {
                return at + 2 <= end ? at + 2 : -1;
            }
            if (size > Name.LABEL_OCTETS_MAX) {
                return -1;
            }
            at += size + 1;
        }
        return -1;
    }
}
