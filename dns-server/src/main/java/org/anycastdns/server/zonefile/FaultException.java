package org.anycastdns.server.zonefile;

/// A fault of this program while it read a zone file, with the place that it had come to.
public final class FaultException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Position at;

    FaultException(Position at, Throwable cause) {
        super(cause);
        this.at = at;
    }

    /// Where reading had come to.
    public Position at() {
        return at;
    }
}
