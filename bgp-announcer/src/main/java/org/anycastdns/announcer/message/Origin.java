package org.anycastdns.announcer.message;

import java.util.Arrays;
import java.util.Optional;

/// The origin of a route (RFC 4271 section 5.1.1).
public enum Origin {
    IGP(0),
    EGP(1),
    INCOMPLETE(2);

    private final int code;

    Origin(int code) {
        this.code = code;
    }

    /// Returns the value on the wire.
    int code() {
        return code;
    }

    static Optional<Origin> of(int code) {
        return Arrays.stream(values()).filter(origin -> origin.code == code).findFirst();
    }
}
