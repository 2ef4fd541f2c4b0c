package org.anycastdns.daemon.config;

import java.nio.file.Path;
import java.util.List;

/// A type of single values: what the operator may write, and its parser.
///
/// @param describe what a value is, with an article, e.g. `a whole number`
/// @param form its form in the file
/// @param words all values if they are a few words, else empty
/// @param explains whether the parser's messages are complete sentences; otherwise the message is
///   made from the description
/// @param parser the parser
public record Kind(
        String describe, Form form, List<String> words, boolean explains, Parser parser) {

    /// The form of a value in YAML and JSON.
    public enum Form {
        TEXT,
        INTEGER,
        /// A number that may have a dot, or a text.
        NUMBER,
        TRUTH
    }

    /// Parses a text.
    @FunctionalInterface
    public interface Parser {
        /// Returns the value.
        ///
        /// @param folder where a relative path begins
        /// @throws IllegalArgumentException when the text is not valid
        Object parse(String text, Path folder);
    }

    /// Parses a text.
    ///
    /// @throws IllegalArgumentException with the message for the operator
    Object parse(String text, Path folder) {
        try {
            return parser.parse(text, folder);
        } catch (IllegalArgumentException e) {
            if (explains) {
                throw e;
            }
            throw new IllegalArgumentException("must be " + describe + ", not '" + text + "'", e);
        }
    }
}
