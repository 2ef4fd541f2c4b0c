package org.anycastdns.server.transfer.message;

import org.anycastdns.server.wire.Header;

/// A section of a message that holds records, in the order of the message (RFC 1035 section 4.1).
public enum MessageSection {
    /// The answers; the prerequisites of an UPDATE.
    ANSWER(Header.ANCOUNT),
    /// The authority section; the changes of an UPDATE.
    AUTHORITY(Header.NSCOUNT),
    /// The additional section, with OPT and TSIG.
    ADDITIONAL(Header.ARCOUNT);

    private final int countOffset;

    MessageSection(int countOffset) {
        this.countOffset = countOffset;
    }

    /// Returns the offset of the section's number of records in the header.
    int countOffset() {
        return countOffset;
    }
}
