package org.anycastdns.server.zonefile;

/// Thrown by a {@link Source} to stop reading a zone for a reason that is not a fault in the zone's
/// text.
public abstract class ReadingEndedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Creates an exception.
    ///
    /// @param reason the reason, for the operator
    protected ReadingEndedException(String reason) {
        // No stack trace: this is not a program error, and there may be many.
        super(reason, null, false, false);
    }

    /// Returns the reason, for the operator.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
