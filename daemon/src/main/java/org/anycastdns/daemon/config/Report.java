package org.anycastdns.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collects the problems and warnings of one configuration, and knows where each option was
/// written.
public final class Report {

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();

    Report() {}

    /// Adds a problem of an option.
    ///
    /// @param path the option's path, e.g. `neighbors[0].port`. If it is not in the file, the
    ///   problem gets the place of the nearest enclosing group.
    /// @param text what is wrong, e.g. `must be 1 to 65535, not 0`
    public void problem(String path, String text) {
        problems.add(made(nearest(path), path, text));
    }

    /// Adds a warning of an option that is allowed but probably not what is intended.
    ///
    /// @param path the option's path
    public void warning(String path, String text) {
        warnings.add(made(nearest(path), path, text));
    }

    /// Adds a problem at a place.
    void problem(Place place, String text) {
        problems.add(new Problem(place, text));
    }

    /// Adds a problem of an option at a place.
    void problem(Place place, String path, String text) {
        problems.add(made(place, path, text));
    }

    /// Remembers where an option was written.
    void place(String path, Place place) {
        places.put(path, place);
    }

    /// Returns the number of problems up to now.
    int count() {
        return problems.size();
    }

    /// Returns the problems, in the order of the file.
    List<Problem> problems() {
        return problems.stream().sorted(Comparator.comparing(Problem::place)).toList();
    }

    /// Returns the warnings, in the order they were found.
    List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    private static Problem made(Place place, String path, String text) {
        // The name of a flag already is the option's name.
        boolean named = path.isEmpty() || place.source().equals("--" + path);
        return new Problem(place, named ? text : path + ": " + text);
    }

    private Place nearest(String path) {
        String at = path;
        while (!at.isEmpty() && !places.containsKey(at)) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return places.getOrDefault(at, Place.NOWHERE);
    }
}
