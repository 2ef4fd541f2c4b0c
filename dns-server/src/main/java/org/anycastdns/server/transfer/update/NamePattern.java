package org.anycastdns.server.transfer.update;

import org.anycastdns.server.wire.Name;

/// Names that a rule is about: one name, or all names below one.
///
/// @param name the name, or the one above those meant
/// @param isBelow whether all names below it are meant, at any depth, and not the name itself
public record NamePattern(Name name, boolean isBelow) {

    private static final String BELOW = "*.";

    /// Reads a pattern such as `www.example.org`, or `*.dyn.example.org` for all names below
    /// `dyn.example.org`. The name of a wildcard itself is written `\*.dyn.example.org`. A name
    /// without a final dot is taken as absolute too.
    ///
    /// @throws IllegalArgumentException if it is no name
    public static NamePattern of(String text) {
        return text.startsWith(BELOW)
                ? new NamePattern(Name.of(text.substring(BELOW.length())), true)
                : new NamePattern(Name.of(text), false);
    }

    /// Returns whether a name is meant.
    public boolean matches(Name other) {
        return isBelow ? !other.equals(name) && other.isAtOrBelow(name) : other.equals(name);
    }

    @Override
    public String toString() {
        return isBelow ? BELOW + name : name.toString();
    }
}
