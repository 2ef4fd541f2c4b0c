package org.anycastdns.server.zone.change;

/// A change has effects that an overlay does not represent: the zone must be built anew.
final class NeedsBuildException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    /// Creates an exception.
    ///
    /// @param reason what an overlay cannot do, for logs and tests
    NeedsBuildException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /// Returns what an overlay cannot do.
    String reason() {
        return reason;
    }

    /// Throws unless a condition holds.
    static void unless(boolean holds, String reason) throws NeedsBuildException {
        if (!holds) {
            throw new NeedsBuildException(reason);
        }
    }
}
