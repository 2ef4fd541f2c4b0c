package org.anycastdns.announcer.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Lifeline;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.health.ServiceEvidence;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one log line for each change of the decision about a service: what changed, why, and the
/// evidence.
public final class DecisionLog {

    private static final Logger LOG = LoggerFactory.getLogger("decision");

    private DecisionLog() {}

    /// Logs the decision about a service if its routes or its cause differ from before. Other
    /// wording alone is not logged.
    ///
    /// @param service the service; null if a reload has removed it
    /// @param state what is known of it; null if a reload has removed it
    public static void changed(
            String name,
            @Nullable Service service,
            Decision decision,
            Decision before,
            @Nullable ServiceState state) {
        String grade = state == null ? "none" : state.evidence().grade().grade();
        String evidence = state == null ? "" : text(state.evidence());
        Collection<Prefix> prefixes = service == null ? before.prefixes() : service.prefixes();
        if (decision.sameRoutes(before)) {
            if (!cause(decision).equals(cause(before))) {
                LOG.info(
                        "still {} service={} cause={} why=\"{}\" grade={} evidence=\"{}\"",
                        participle(decision),
                        name,
                        cause(decision),
                        why(decision),
                        grade,
                        evidence);
            }
            return;
        }
        switch (decision) {
            case Decision.Announce _ ->
                    LOG.info(
                            "announce prefixes={} service={} grade={} evidence=\"{}\"",
                            prefixes,
                            name,
                            grade,
                            evidence);
            case Decision.Depreference(_, var policy, _) ->
                    LOG.warn(
                            "depreference prefixes={} service={} cause={} why=\"{}\" steps=\"{}\""
                                    + " grade={} evidence=\"{}\"",
                            prefixes,
                            name,
                            cause(decision),
                            why(decision),
                            policy,
                            grade,
                            evidence);
            case Decision.Withdraw _ ->
                    LOG.warn(
                            "withdraw prefixes={} service={} cause={} why=\"{}\" grade={}"
                                    + " evidence=\"{}\"",
                            prefixes,
                            name,
                            cause(decision),
                            why(decision),
                            grade,
                            evidence);
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

    private static String text(ServiceEvidence evidence) {
        List<String> parts = new ArrayList<>();
        Evidence responder = evidence.responder();
        if (responder != null) {
            parts.add(text(responder));
        }
        evidence.checks()
                .forEach((name, state) ->
                        parts.add(
                                "%s %s: %s"
                                        .formatted(
                                                name,
                                                state.up() ? "up" : "down",
                                                state.last().text())));
        return String.join("; ", parts);
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
