package org.anycastdns.announcer.decision;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.health.Health;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// A decision about what is announced to the neighbors.
public sealed interface Decision {

    /// The prefixes are announced normally.
    record Announce(Set<Prefix> prefixes) implements Decision {
        public Announce {
            prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
        }
    }

    /// The prefixes are announced, but depreferenced.
    ///
    /// @param reasons the reasons, the gravest first; never empty
    record Depreference(Set<Prefix> prefixes, DepreferencePolicy policy, List<Reason> reasons)
            implements Decision {
        public Depreference {
            prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
            reasons = some(reasons);
        }
    }

    /// Nothing is announced.
    ///
    /// @param reasons the reasons, the gravest first; never empty
    record Withdraw(List<Reason> reasons) implements Decision {
        public Withdraw {
            reasons = some(reasons);
        }

        /// Creates a withdrawal for one reason.
        public Withdraw(Reason reason) {
            this(List.of(reason));
        }
    }

    /// How attractive the routes are, from the least to the most attractive.
    enum Level {
        WITHDRAWN,
        DEPREFERENCED,
        ANNOUNCED
    }

    /// Returns the decision for a grade of health. A degraded site stays announced. The cause may
    /// affect every site, and withdrawing all of them would end the service.
    static Decision of(Health health, Set<Prefix> prefixes, DepreferencePolicy policy) {
        return switch (health) {
            case Health.Healthy _ -> new Announce(prefixes);
            case Health.Degraded(var reasons) -> new Depreference(prefixes, policy, reasons);
            case Health.Draining(var reasons) ->
                    new Depreference(prefixes, policy.leaving(), reasons);
            case Health.Failed(var reasons) -> new Withdraw(reasons);
        };
    }

    /// Returns how attractive the routes are.
    default Level level() {
        return switch (this) {
            case Announce _ -> Level.ANNOUNCED;
            case Depreference _ -> Level.DEPREFERENCED;
            case Withdraw _ -> Level.WITHDRAWN;
        };
    }

    /// Returns the announced prefixes.
    default Set<Prefix> prefixes() {
        return switch (this) {
            case Announce(var announced) -> announced;
            case Depreference(var announced, _, _) -> announced;
            case Withdraw _ -> Set.of();
        };
    }

    /// Returns whether the neighbors would receive the same routes.
    default boolean sameRoutes(Decision other) {
        return switch (this) {
            case Announce announce -> announce.equals(other);
            case Depreference(var prefixes, var policy, _) ->
                    other instanceof Depreference(var others, var otherPolicy, _)
                            && prefixes.equals(others)
                            && policy.equals(otherPolicy);
            case Withdraw _ -> other instanceof Withdraw;
        };
    }

    /// Returns the decision as one word: `announce`, `depreference` or `withdraw`.
    default String verb() {
        return switch (this) {
            case Announce _ -> "announce";
            case Depreference _ -> "depreference";
            case Withdraw _ -> "withdraw";
        };
    }

    /// Returns the reasons; empty for a normal announcement.
    default List<Reason> why() {
        return switch (this) {
            case Announce _ -> List.of();
            case Depreference(_, _, var reasons) -> reasons;
            case Withdraw(var reasons) -> reasons;
        };
    }

    private static List<Reason> some(List<Reason> reasons) {
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a decision against the route needs a reason");
        }
        return List.copyOf(reasons);
    }
}
