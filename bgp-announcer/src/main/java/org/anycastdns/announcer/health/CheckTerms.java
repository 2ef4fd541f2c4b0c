package org.anycastdns.announcer.health;

/// What the results of one check mean for its service.
///
/// @param name the name of the check, unique in its service
/// @param hard whether the check may withdraw the service's routes; a soft check only degrades
/// @param shows what a good result shows
/// @param rise good results in a row after which the check is up (at least 1)
/// @param fall failures in a row after which the check is down (at least 1)
/// @param quietTicks ticks without a result after which the check is down, because our own side
///   hangs and nothing is known (at least 1)
public record CheckTerms(
        String name, boolean hard, Shows shows, int rise, int fall, int quietTicks) {

    /// What a good result shows.
    public enum Shows {
        /// Clients get answers.
        ANSWERS,
        /// The service runs. It may hang nevertheless.
        LIFE,
        /// Packets leave this site and return. It says nothing about the service.
        WAY_OUT
    }

    /// Returns whether the check is about the way out, and not about the service.
    boolean isWayOut() {
        return shows == Shows.WAY_OUT;
    }

    public CheckTerms {
        if (rise < 1 || fall < 1 || quietTicks < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
