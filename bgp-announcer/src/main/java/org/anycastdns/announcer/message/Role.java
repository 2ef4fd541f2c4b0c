package org.anycastdns.announcer.message;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A speaker's role towards its neighbor in another AS (RFC 9234 section 4.1).
public enum Role {
    /// Provides transit to the neighbor.
    PROVIDER(0),
    /// A route server; the neighbor is its client.
    RS(1),
    /// A client of a route server.
    RS_CLIENT(2),
    /// Buys transit from the neighbor.
    CUSTOMER(3),
    /// Exchanges its own routes and its customers' routes with the neighbor.
    PEER(4);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /// Returns the value on the wire.
    int code() {
        return code;
    }

    /// Returns the role with this value, or empty when it is unknown.
    static Optional<Role> of(int code) {
        return Stream.of(values()).filter(role -> role.code == code).findFirst();
    }

    /// Parses a role written as in the configuration, e.g. "rs-client".
    ///
    /// @throws IllegalArgumentException when the text is not a role
    public static Role parse(String text) {
        return Stream.of(values())
                .filter(role -> role.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no role is '" + text + "'"));
    }

    /// Returns whether the neighbor's role is the counterpart of this one (RFC 9234 section 4.2).
    public boolean fits(Role neighbors) {
        return neighbors
                == switch (this) {
                    case PROVIDER -> CUSTOMER;
                    case RS -> RS_CLIENT;
                    case RS_CLIENT -> RS;
                    case CUSTOMER -> PROVIDER;
                    case PEER -> PEER;
                };
    }

    /// Returns whether the neighbor may pass our routes only to its customers. The OTC attribute
    /// marks such routes (RFC 9234 section 5).
    public boolean onlyToCustomers() {
        return switch (this) {
            case PROVIDER, RS, PEER -> true;
            case RS_CLIENT, CUSTOMER -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
