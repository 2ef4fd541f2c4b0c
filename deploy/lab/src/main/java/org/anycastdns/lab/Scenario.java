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
