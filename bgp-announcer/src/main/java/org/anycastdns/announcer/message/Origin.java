package org.anycastdns.announcer.message;

import java.util.Optional;

/// The origin of a route (RFC 4271 section 5.1.1).
public enum Origin {
    IGP,
    EGP,
    INCOMPLETE;

    /// Returns the value on the wire.
    int code() {
        return switch (this) {
            case IGP -> 0;
            case EGP -> 1;
            case INCOMPLETE -> 2;
        };
    }

    static Optional<Origin> of(int code) {
        return switch (code) {
            case 0 -> Optional.of(IGP);
            case 1 -> Optional.of(EGP);
            case 2 -> Optional.of(INCOMPLETE);
            default -> Optional.empty();
        };
    }
}
