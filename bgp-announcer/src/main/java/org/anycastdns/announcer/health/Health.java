package org.anycastdns.announcer.health;

import java.util.List;

/// The graded health of the responder. Every grade but healthy has reasons, the gravest first.
public sealed interface Health {

    /// Probes succeed and the lifeline beats.
    record Healthy() implements Health {
        @Override
        public List<Reason> reasons() {
            return List.of();
        }
    }

    /// The responder answers correctly, but something is wrong that may be wrong at every site at
    /// once. This is never a cause to withdraw.
    record Degraded(List<Reason> reasons) implements Health {
        public Degraded {
            reasons = List.copyOf(reasons);
        }
    }

    /// The responder does not answer, or is not known to. This is hard evidence about this site
    /// alone.
    record Failed(List<Reason> reasons) implements Health {
        public Failed {
            reasons = List.copyOf(reasons);
        }
    }

    /// The responder asks that clients go to other sites; it still answers the queries that arrive.
    record Draining(List<Reason> reasons) implements Health {
        public Draining {
            reasons = List.copyOf(reasons);
        }
    }

    /// Returns the reasons for this grade; empty when healthy.
    List<Reason> reasons();

    /// Returns the grade as one word: `healthy`, `degraded`, `failed`, `draining`.
    default String grade() {
        return switch (this) {
            case Healthy _ -> "healthy";
            case Degraded _ -> "degraded";
            case Failed _ -> "failed";
            case Draining _ -> "draining";
        };
    }
}
