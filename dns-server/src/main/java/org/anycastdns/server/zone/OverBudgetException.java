package org.anycastdns.server.zone;

/// Reports that a zone image would exceed the memory limits; no memory was taken.
public final class OverBudgetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OverBudgetException(String message) {
        super(message, null, false, false);
    }

    /// Returns the reason, for the operator.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
