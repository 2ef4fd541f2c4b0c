package org.anycastdns.announcer.decision;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// What the neighbours are to be told.
public sealed interface Decision {

    /// The prefixes are announced.
    record Announce(Set<Prefix> prefixes) implements Decision {
        public Announce {
            prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
        }
    }

    /// Nothing is announced.
    ///
    /// @param reasons why, the gravest first; never empty
    record Withdraw(List<Reason> reasons) implements Decision {
        public Withdraw {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a withdrawal needs a reason");
            }
        }

        /// A withdrawal for one reason.
        public Withdraw(Reason reason) {
            this(List.of(reason));
        }
    }

    /// The decision that a grade of health calls for. A degraded site stays announced: what
    /// degrades it may well degrade every site, and withdrawing them all would end the service.
    static Decision of(Health health, Set<Prefix> prefixes) {
        return switch (health) {
            case Health.Healthy _, Health.Degraded _ -> new Announce(prefixes);
            case Health.Failed(var reasons) -> new Withdraw(reasons);
            case Health.Draining(var reasons) -> new Withdraw(reasons);
        };
    }

    /// Whether the neighbours would be told the same.
    default boolean sameRoutes(Decision other) {
        return switch (this) {
            case Announce announce -> announce.equals(other);
            case Withdraw _ -> other instanceof Withdraw;
        };
    }

    /// The decision as one word: `announce` or `withdraw`.
    default String verb() {
        return switch (this) {
            case Announce _ -> "announce";
            case Withdraw _ -> "withdraw";
        };
    }

    /// Why; empty for an announcement.
    default List<Reason> why() {
        return switch (this) {
            case Announce _ -> List.of();
            case Withdraw(var reasons) -> reasons;
        };
    }
}
