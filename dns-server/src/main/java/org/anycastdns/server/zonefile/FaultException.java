package org.anycastdns.server.zonefile;

import org.anycastdns.server.zonefile.problem.Position;

/// Reports an internal error of this program while it read a zone file, with the current position.
public final class FaultException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Position at;

    FaultException(Position at, Throwable cause) {
        super(cause);
        this.at = at;
    }

    /// Returns the position in the file where the error occurred.
    public Position at() {
        return at;
    }
}
