package org.anycastdns.announcer.message;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a speaker is to its neighbor in another AS (RFC 9234 section 4.1).
public enum Role {
    /// Sells transit to the neighbor.
    PROVIDER(0),
    /// A route server, the neighbor is its client.
    RS(1),
    /// The client of a route server.
    RS_CLIENT(2),
    /// Buys transit from the neighbor.
    CUSTOMER(3),
    /// Exchanges its own and its customers' routes with the neighbor.
    PEER(4);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /// The value on the wire.
    int code() {
        return code;
    }

    /// The role of this value; empty when none has it.
    static Optional<Role> of(int code) {
        return Stream.of(values()).filter(role -> role.code == code).findFirst();
    }

    /// The role written as in configurations, e.g. "rs-client".
    ///
    /// @throws IllegalArgumentException when there is none
    public static Role parse(String text) {
        return Stream.of(values())
                .filter(role -> role.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no role is '" + text + "'"));
    }

    /// Whether the neighbor can have that role when ours is this (RFC 9234 section 4.2).
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

    /// Whether the neighbor may pass our routes on to its customers only, which the attribute OTC
    /// tells everyone (RFC 9234 section 5).
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
