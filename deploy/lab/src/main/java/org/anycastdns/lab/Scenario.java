package org.anycastdns.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.anycastdns.lab.engine.LabException;

/// The scenarios that can be measured.
enum Scenario {
    /// The responder dies.
    CRASH,
    /// The responder hangs.
    HANG,
    /// The machine loses its power.
    POWEROFF,
    /// The operator drains the PoP and resumes it.
    DRAIN,
    /// A new version of a zone goes to every PoP.
    ZONE_PUSH,
    /// A flood from one client's region.
    ATTACK;

    /// Returns how long the clients of the PoP may be without answers, in milliseconds. A crash
    /// closes the lifeline at once; the rest is noticed by probes and by BFD.
    double gapMs() {
        return switch (this) {
            case CRASH -> 200;
            case HANG, POWEROFF -> 1_500;
            case DRAIN, ZONE_PUSH, ATTACK -> 0;
        };
    }

    /// Returns the scenario of a name.
    static Scenario of(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new LabException(
                                "there is no scenario "
                                        + name
                                        + "; there are "
                                        + Arrays.stream(values())
                                                .map(Scenario::label)
                                                .collect(Collectors.joining(", "))));
    }

    /// Returns the name on the command line.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
