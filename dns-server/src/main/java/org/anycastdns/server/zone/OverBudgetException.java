package org.anycastdns.server.zone;

/// A zone's image would take more memory than is set aside for images; nothing was taken.
public final class OverBudgetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OverBudgetException(String message) {
        super(message, null, false, false);
    }

    /// For the operator.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
