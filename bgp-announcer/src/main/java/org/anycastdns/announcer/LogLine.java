package org.anycastdns.announcer;

import java.util.Set;
import java.util.stream.Collectors;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Lifeline;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line for each change of decision: what, why, and on which evidence.
final class LogLine {

    private static final Logger LOG = LoggerFactory.getLogger("decision");

    private LogLine() {}

    /// The neighbours are told something else.
    static void changed(Decision decision, Set<Prefix> prefixes, Evidence evidence) {
        switch (decision) {
            case Decision.Announce _ ->
                    LOG.info(
                            "announce prefixes={} grade={} evidence=\"{}\"",
                            prefixes,
                            evidence.grade().grade(),
                            text(evidence));
            case Decision.Withdraw withdraw ->
                    LOG.warn(
                            "withdraw prefixes={} cause={} why=\"{}\" evidence=\"{}\"",
                            prefixes,
                            cause(withdraw),
                            why(withdraw),
                            text(evidence));
        }
    }

    /// Nothing new for the neighbours, and for another reason than before.
    static void stillWithdrawn(Decision decision, Evidence evidence) {
        if (decision instanceof Decision.Withdraw withdraw) {
            LOG.info(
                    "still withdrawn cause={} why=\"{}\" evidence=\"{}\"",
                    cause(withdraw),
                    why(withdraw),
                    text(evidence));
        }
    }

    /// Whether the gravest reason is of the same cause; the words may differ.
    static boolean sameCause(Decision one, Decision other) {
        return one.why().stream()
                .findFirst()
                .map(Reason::cause)
                .equals(other.why().stream().findFirst().map(Reason::cause));
    }

    private static String cause(Decision.Withdraw withdraw) {
        return withdraw.reasons().getFirst().cause().label();
    }

    private static String why(Decision.Withdraw withdraw) {
        return withdraw.reasons().stream().map(Reason::text).collect(Collectors.joining("; "));
    }

    private static String text(Evidence evidence) {
        String lifeline =
                switch (evidence.lifeline()) {
                    case Lifeline.Unknown(var why) -> why;
                    case Lifeline.Gone(var why) -> why;
                    case Lifeline.Beating(var last, var missed) ->
                            "%s, %d beats missed".formatted(last.state(), missed);
                };
        return "lifeline: %s; udp: %s; tcp: %s"
                .formatted(lifeline, evidence.udp().last().text(), evidence.tcp().last().text());
    }
}
