package org.anycastdns.server.reload;

import org.anycastdns.server.zonefile.ReadingEndedException;

/// Says that a file is not read now, because it is incomplete or its file system does not answer.
/// It is tried again later.
final class NotYetException extends ReadingEndedException {

    private static final long serialVersionUID = 1;

    /// @param reason completes the sentence "FILE waits: ..."
    NotYetException(String reason) {
        super(reason);
    }
}
