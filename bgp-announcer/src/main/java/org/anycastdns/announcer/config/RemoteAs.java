package org.anycastdns.announcer.config;

import org.anycastdns.announcer.message.AsNumber;
import org.anycastdns.announcer.session.Neighbor;

/// The AS of a neighbor as it is configured: a number, or any AS but our own, or our own.
///
/// @param number the AS number, or [Neighbor#EXTERNAL_AS] or [#INTERNAL]
public record RemoteAs(long number) {

    private static final long INTERNAL = -2;

    /// Parses `external`, `internal` or an AS number.
    ///
    /// @throws IllegalArgumentException when the text is none of these
    static RemoteAs parse(String text) {
        return switch (text) {
            case "external" -> new RemoteAs(Neighbor.EXTERNAL_AS);
            case "internal" -> new RemoteAs(INTERNAL);
            default -> new RemoteAs(AsNumber.parse(text).number());
        };
    }

    /// Returns the AS number that the neighbor's OPEN must have, or [Neighbor#EXTERNAL_AS].
    ///
    /// @param localAs our own AS number
    public long of(AsNumber localAs) {
        return number == INTERNAL ? localAs.number() : number;
    }

    /// Returns whether the neighbor is in another AS.
    ///
    /// @param localAs our own AS number
    public boolean isExternal(AsNumber localAs) {
        return of(localAs) != localAs.number();
    }

    @Override
    public String toString() {
        if (number == Neighbor.EXTERNAL_AS) {
            return "external";
        }
        return number == INTERNAL ? "internal" : Long.toString(number);
    }
}
