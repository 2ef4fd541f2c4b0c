package org.anycastdns.announcer.decision;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// The other sites that send no heartbeats, whatever the service.
///
/// @param sites the names of those that were heard before, sorted
/// @param unheard how many have not been heard since the start
public record Silence(Set<String> sites, int unheard) {

    /// Every other site is heard.
    public static final Silence NONE = new Silence(Set.of(), 0);

    public Silence {
        sites = Collections.unmodifiableSet(new TreeSet<>(sites));
    }

    /// Returns the silence in the views that the services have of the fleet. A site is heard if any
    /// of them hears it.
    public static Silence of(Collection<Fleet> views, long nowNanos) {
        Set<String> known = new TreeSet<>();
        Set<String> heard = new HashSet<>();
        int size = 0;
        for (Fleet view : views) {
            size = Math.max(size, view.size());
            view.others()
                    .forEach((site, sighting) -> {
                        known.add(site);
                        if (!sighting.silent(nowNanos)) {
                            heard.add(site);
                        }
                    });
        }
        int unheard = Math.max(0, size - known.size());
        known.removeAll(heard);
        return new Silence(known, unheard);
    }

    /// Returns the number of silent sites, with those that were never heard.
    public int count() {
        return sites.size() + unheard;
    }
}
