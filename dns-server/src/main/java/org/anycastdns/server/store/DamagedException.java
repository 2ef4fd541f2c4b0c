package org.anycastdns.server.store;

import java.io.IOException;

/// Octets in the state folder are not what was written there.
final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
