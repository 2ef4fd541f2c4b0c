package org.anycastdns.announcer.loop;

import java.util.Collection;
import java.util.stream.Collectors;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Lifeline;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one log line for each change of the decision: what changed, why, and the evidence.
public final class DecisionLog {

    private static final Logger LOG = LoggerFactory.getLogger("decision");

    private DecisionLog() {}

    /// Logs a decision if its routes or its cause differ from before. Other wording alone is not
    /// logged.
    public static void changed(
            Decision decision, Decision before, Collection<Prefix> prefixes, Evidence evidence) {
        String grade = evidence.grade().grade();
        if (decision.sameRoutes(before)) {
            if (!cause(decision).equals(cause(before))) {
                LOG.info(
                        "still {} cause={} why=\"{}\" grade={} evidence=\"{}\"",
                        participle(decision),
                        cause(decision),
                        why(decision),
                        grade,
                        text(evidence));
            }
            return;
        }
        switch (decision) {
            case Decision.Announce _ ->
                    LOG.info(
                            "announce prefixes={} grade={} evidence=\"{}\"",
                            prefixes,
                            grade,
                            text(evidence));
            case Decision.Depreference(_, var policy, _) ->
                    LOG.warn(
                            "depreference prefixes={} cause={} why=\"{}\" steps=\"{}\" grade={}"
                                    + " evidence=\"{}\"",
                            prefixes,
                            cause(decision),
                            why(decision),
                            policy,
                            grade,
                            text(evidence));
            case Decision.Withdraw _ ->
                    LOG.warn(
                            "withdraw prefixes={} cause={} why=\"{}\" grade={} evidence=\"{}\"",
                            prefixes,
                            cause(decision),
                            why(decision),
                            grade,
                            text(evidence));
        }
    }

    private static String participle(Decision decision) {
        return switch (decision) {
            case Decision.Announce _ -> "announced";
            case Decision.Depreference _ -> "depreferenced";
            case Decision.Withdraw _ -> "withdrawn";
        };
    }

    private static String cause(Decision decision) {
        return decision.why().isEmpty() ? "none" : decision.why().getFirst().cause().label();
    }

    private static String why(Decision decision) {
        return decision.why().stream().map(Reason::text).collect(Collectors.joining("; "));
    }

    private static String text(Evidence evidence) {
        String lifeline =
                switch (evidence.lifeline()) {
                    case Lifeline.Unknown(var why, _) -> why;
                    case Lifeline.Gone(var why, _) -> why;
                    case Lifeline.Beating(var last, var missed) ->
                            "%s, %d beats missed".formatted(last.state(), missed);
                };
        return "lifeline: %s; udp: %s; tcp: %s"
                .formatted(lifeline, evidence.udp().last().text(), evidence.tcp().last().text());
    }
}
