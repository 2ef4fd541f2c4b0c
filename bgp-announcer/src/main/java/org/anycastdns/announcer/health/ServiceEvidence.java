package org.anycastdns.announcer.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The evidence about one service: about its responder, if it is a dns-server, and from its checks.
/// Immutable.
///
/// - Of the hard checks, `required` must be up. A service with fewer has failed.
/// - A hard check of the way out is not one of those. It must be up as well. If nothing else is
///   wrong, the service still answers, so that the budget of the fleet limits the withdrawal.
/// - A soft check that is down, and a warning of any check, only degrade. They may be the same at
///   every site.
/// - A hard check that is down and not needed changes nothing; the status shows it.
/// - A soft check without a result yet is no evidence.
///
/// @param service the name of the service
/// @param responder the evidence about the responder; null if the service has none
/// @param checks the state of each check by its name, in the order of the configuration
/// @param required how many of the hard checks must be up
public record ServiceEvidence(
        String service, @Nullable Evidence responder, Map<String, CheckState> checks, int required)
        implements Graded {

    public ServiceEvidence {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }

    /// Returns the evidence before any observation. Its grade is failed.
    ///
    /// @param responder the evidence about the responder before any observation; null without one
    public static ServiceEvidence none(
            String service,
            @Nullable Evidence responder,
            Collection<CheckTerms> checks,
            int required) {
        Map<String, CheckState> states = new LinkedHashMap<>();
        checks.forEach(terms -> states.put(terms.name(), CheckState.none(terms)));
        return new ServiceEvidence(service, responder, states, required);
    }

    /// Returns the evidence for a changed configuration of the service. What is known of checks
    /// that stay is kept, so that the change alone withdraws nothing.
    ///
    /// @param fresh the evidence of the changed configuration before any observation
    public ServiceEvidence reconfigured(ServiceEvidence fresh) {
        Map<String, CheckState> states = new LinkedHashMap<>();
        fresh.checks.forEach((name, state) -> {
            CheckState known = checks.get(name);
            states.put(
                    name,
                    known == null ? CheckState.assumed(state.terms()) : known.under(state.terms()));
        });
        Evidence next = fresh.responder;
        Evidence before = responder;
        return new ServiceEvidence(
                service,
                next == null || before == null
                        ? next
                        : before.under(next.limits(), next.identity()),
                states,
                fresh.required);
    }

    /// Returns the evidence after one more observation.
    public ServiceEvidence on(Observation observation) {
        return switch (observation) {
            case Observation.Checked(var name, var result) -> {
                CheckState before = checks.get(name);
                // A late result of a check that a reload has removed is ignored.
                yield before == null ? this : with(name, before.on(result));
            }
            case Observation.Tick _ -> {
                Map<String, CheckState> ticked = new LinkedHashMap<>();
                checks.forEach((name, state) -> ticked.put(name, state.ticked()));
                yield new ServiceEvidence(
                        service, after(evidence -> evidence.on(observation)), ticked, required);
            }
            case Observation.Probed _,
                    Observation.Beat _,
                    Observation.Closed _,
                    Observation.Displaced _,
                    Observation.Reported _,
                    Observation.Located _,
                    Observation.Rated _ ->
                    new ServiceEvidence(
                            service, after(evidence -> evidence.on(observation)), checks, required);
        };
    }

    @Override
    public Health grade() {
        Health first = responder == null ? new Health.Healthy() : responder.grade();
        if (checks.isEmpty()) {
            return first;
        }
        List<Reason> failures = failures();
        if (first instanceof Health.Failed(var reasons)) {
            failures.addAll(0, reasons);
        }
        if (!failures.isEmpty()) {
            if (first instanceof Health.Draining(var reasons)) {
                failures.addAll(reasons);
            }
            return new Health.Failed(failures);
        }
        if (first instanceof Health.Draining) {
            return first;
        }
        List<Reason> blemishes = new ArrayList<>(first.reasons());
        blemishes.addAll(blemishes());
        return blemishes.isEmpty() ? new Health.Healthy() : new Health.Degraded(blemishes);
    }

    @Override
    public boolean answersSomething() {
        Evidence evidence = responder;
        if (evidence != null && !(evidence.grade() instanceof Health.Failed)) {
            return isTooFew() || isWayOutLost();
        }
        if (evidence != null) {
            return evidence.answersSomething();
        }
        if (!isTooFew()) {
            return isWayOutLost(); // and nothing else
        }
        return checks.values().stream().noneMatch(CheckState::ended)
                && checks.values().stream()
                        .anyMatch(state ->
                                state.up()
                                        && state.terms().hard()
                                        && state.terms().shows() == CheckTerms.Shows.ANSWERS);
    }

    @Override
    public boolean listens() {
        return responder != null && !isTooFew() && responder.listens();
    }

    @Override
    public double perSecond() {
        return responder == null ? Double.NaN : responder.perSecond();
    }

    /// Returns the reasons for which the hard checks fail; empty when they do not.
    private List<Reason> failures() {
        List<Reason> reasons = new ArrayList<>();
        boolean tooFew = isTooFew();
        for (CheckState state : checks.values()) {
            if (state.terms().hard() && !state.up() && (tooFew || state.terms().isWayOut())) {
                reasons.add(new Reason(cause(state), state.text(service)));
            }
        }
        return reasons;
    }

    /// Returns whether too few of the counted hard checks are up.
    private boolean isTooFew() {
        int up = 0;
        for (CheckState state : checks.values()) {
            up += state.up() && state.terms().hard() && !state.terms().isWayOut() ? 1 : 0;
        }
        return up < required;
    }

    /// Returns whether a hard check of the way out is down.
    private boolean isWayOutLost() {
        for (CheckState state : checks.values()) {
            if (!state.up() && state.terms().hard() && state.terms().isWayOut()) {
                return true;
            }
        }
        return false;
    }

    private static Cause cause(CheckState state) {
        return state.tried() ? Cause.CHECK : Cause.STARTING;
    }

    private List<Reason> blemishes() {
        List<Reason> reasons = new ArrayList<>();
        for (CheckState state : checks.values()) {
            boolean down = !state.terms().hard() && state.tried() && !state.up();
            if (down || (state.up() && state.last() instanceof CheckResult.Warned)) {
                reasons.add(new Reason(Cause.SOFT_CHECK, state.text(service)));
            }
        }
        return reasons;
    }

    private ServiceEvidence with(String name, CheckState state) {
        Map<String, CheckState> next = new LinkedHashMap<>(checks);
        next.put(name, state);
        return new ServiceEvidence(service, responder, next, required);
    }

    private @Nullable Evidence after(UnaryOperator<Evidence> change) {
        return responder == null ? null : change.apply(responder);
    }
}
