package org.anycastdns.announcer.session;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// Which prefixes a neighbor gets.
///
/// @param only those it gets; null means all
/// @param except those of them that it does not get
public record Scope(@Nullable Selection only, Selection except) {

    /// Every prefix.
    public static final Scope ALL = new Scope(null, new Selection(Set.of(), Set.of()));

    /// A selection of prefixes.
    ///
    /// @param within prefixes that select themselves and all that lie in them
    /// @param exactly prefixes that select themselves alone
    public record Selection(Set<Prefix> within, Set<Prefix> exactly) {

        public Selection {
            within = Collections.unmodifiableSortedSet(new TreeSet<>(within));
            exactly = Collections.unmodifiableSortedSet(new TreeSet<>(exactly));
        }

        /// Returns whether a prefix is selected.
        public boolean contains(Prefix prefix) {
            return exactly.contains(prefix)
                    || within.stream().anyMatch(one -> one.contains(prefix));
        }
    }

    /// Returns whether the neighbor gets a prefix.
    public boolean includes(Prefix prefix) {
        return (only == null || only.contains(prefix)) && !except.contains(prefix);
    }
}
