package org.anycastdns.daemon.config;

/// A problem in the configuration.
///
/// @param place where it is
/// @param text what is wrong and, if known, what would be right
public record Problem(Place place, String text) {

    /// Returns `file:line:column: text`, a form that editors understand.
    @Override
    public String toString() {
        return place.source().isEmpty() ? text : place + ": " + text;
    }
}
