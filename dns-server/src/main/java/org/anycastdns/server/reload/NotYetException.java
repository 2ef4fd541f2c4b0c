package org.anycastdns.server.reload;

import org.anycastdns.server.zonefile.ReadingEndedException;

/// A file is not read now, because it is not complete or does not answer; it is tried again later.
final class NotYetException extends ReadingEndedException {

    private static final long serialVersionUID = 1;

    /// @param reason completes the sentence "FILE waits: ..."
    NotYetException(String reason) {
        super(reason);
    }
}
