package org.anycastdns.announcer.health;

import java.util.Locale;

/// The closed set of causes a verdict can have: what metrics count by, so it stays small.
public enum Cause {
    /// Nothing good has been seen since the start yet.
    STARTING,
    /// The lifeline's connection ended: the responder's process is gone.
    LIFELINE_CLOSED,
    /// The lifeline is open and says nothing: the responder hangs.
    LIFELINE_SILENT,
    /// The responder says that it is still loading.
    LOADING,
    /// The responder says that it is draining.
    RESPONDER_DRAINING,
    /// The responder serves no zone.
    NO_ZONES,
    /// Another node answers on the lifeline.
    WRONG_IDENTITY,
    /// The UDP probe is answered wrong or not at all.
    UDP,
    /// The TCP probe is answered wrong or not at all.
    TCP,
    /// The address that is probed is on no interface of this host.
    ADDRESS_MISSING,
    /// The responder answers right, and has more to do than it can.
    OVERLOADED,
    /// The responder answers right, and late.
    SLOW,
    /// The newest version of a zone is not the one that is served.
    STALE_ZONE,
    /// Signatures of a zone have expired, or are about to.
    SIGNATURES,
    /// It does well again, and has to go on doing so for a while after having failed.
    HELD_DOWN,
    /// It answers wrong, and so many other sites are out of service that this one must stay.
    LAST_SITE,
    /// The operator asked.
    OPERATOR,
    /// Our own health loop stopped renewing its verdict.
    HUNG,
    /// The announcer is being stopped.
    STOPPING;

    /// The name as a metric label: lower case, words joined by underscores.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
