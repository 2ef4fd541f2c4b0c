package org.anycastdns.server.zonefile;

/// Thrown by a {@link Source} to end the reading of a zone for a reason that is no fault of the
/// zone's text.
public abstract class ReadingEndedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param reason for the operator
    protected ReadingEndedException(String reason) {
        // No stack trace: it is no fault, and there may be many.
        super(reason, null, false, false);
    }

    /// For the operator.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
