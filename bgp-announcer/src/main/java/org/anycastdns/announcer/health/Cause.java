package org.anycastdns.announcer.health;

import java.util.Locale;

/// The closed set of causes of a grade or decision. Metrics use it as a label, so it stays small.
public enum Cause {
    /// No successful checks since the start yet.
    STARTING,
    /// The lifeline connection ended: the responder's process is gone.
    LIFELINE_CLOSED,
    /// The lifeline is open but silent: the responder hangs.
    LIFELINE_SILENT,
    /// The responder reports that it is still loading.
    LOADING,
    /// The responder reports that it is draining.
    RESPONDER_DRAINING,
    /// The responder serves no zone.
    NO_ZONES,
    /// The lifeline belongs to a responder with another identity.
    WRONG_IDENTITY,
    /// UDP probes fail: wrong response or none.
    UDP,
    /// TCP probes fail: wrong response or none.
    TCP,
    /// The probed address is not on any interface of this host.
    ADDRESS_MISSING,
    /// The responder answers correctly but is overloaded.
    OVERLOADED,
    /// The responder answers correctly but slowly.
    SLOW,
    /// A zone is not served in its newest version.
    STALE_ZONE,
    /// Signatures of a zone have expired or will expire soon.
    SIGNATURES,
    /// Too few hard checks of the service are up.
    CHECK,
    /// A soft check of the service fails, or a check warns of something.
    SOFT_CHECK,
    /// The responder is healthy again, but the site is held down because it failed before.
    HELD_DOWN,
    /// The responder fails, but too many other sites are out of service, so this one stays
    /// announced.
    LAST_SITE,
    /// The operator ordered it.
    OPERATOR,
    /// The health loop stopped renewing its decision.
    HUNG,
    /// The announcer is stopping.
    STOPPING;

    /// Returns the name as a metric label: lower case, words joined by underscores.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
