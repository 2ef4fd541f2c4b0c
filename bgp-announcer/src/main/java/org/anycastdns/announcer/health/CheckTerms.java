package org.anycastdns.announcer.health;

/// What the results of one check mean for its service.
///
/// @param name the name of the check, unique in its service
/// @param hard whether the check may withdraw the service's routes; a soft check only degrades
/// @param serves whether a good result shows that clients get answers; a process that runs may hang
/// @param rise good results in a row after which the check is up (at least 1)
/// @param fall failures in a row after which the check is down (at least 1)
/// @param quietTicks ticks without a result after which the check is down, because our own side
///   hangs and nothing is known (at least 1)
public record CheckTerms(
        String name, boolean hard, boolean serves, int rise, int fall, int quietTicks) {

    public CheckTerms {
        if (rise < 1 || fall < 1 || quietTicks < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
