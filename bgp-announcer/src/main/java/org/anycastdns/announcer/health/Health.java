package org.anycastdns.announcer.health;

import java.util.List;

/// The graded health of the responder; every grade but the best carries its reasons, the gravest
/// first.
public sealed interface Health {

    /// Probes answered right, lifeline beating.
    record Healthy() implements Health {
        @Override
        public List<Reason> reasons() {
            return List.of();
        }
    }

    /// Answers right, and something is wrong that may be wrong at every site at once: never a cause
    /// to withdraw.
    record Degraded(List<Reason> reasons) implements Health {
        public Degraded {
            reasons = List.copyOf(reasons);
        }
    }

    /// Does not answer, or is not known to: hard evidence of this site alone.
    record Failed(List<Reason> reasons) implements Health {
        public Failed {
            reasons = List.copyOf(reasons);
        }
    }

    /// Someone asked that clients go elsewhere; what still arrives is answered.
    record Draining(List<Reason> reasons) implements Health {
        public Draining {
            reasons = List.copyOf(reasons);
        }
    }

    /// Why this grade; empty when healthy.
    List<Reason> reasons();

    /// The grade as one word: `healthy`, `degraded`, `failed`, `draining`.
    default String grade() {
        return switch (this) {
            case Healthy _ -> "healthy";
            case Degraded _ -> "degraded";
            case Failed _ -> "failed";
            case Draining _ -> "draining";
        };
    }
}
