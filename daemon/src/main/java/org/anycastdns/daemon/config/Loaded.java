package org.anycastdns.daemon.config;

import java.util.List;

/// The result of reading a configuration.
///
/// @param <C> the record of all options
public sealed interface Loaded<C extends Record> {

    /// Returns the options.
    ///
    /// @throws IllegalStateException if the configuration is invalid; the message has all problems
    C config();

    /// Returns all problems, in the order of the file; none if the configuration is valid.
    List<Problem> problems();

    /// A valid configuration.
    ///
    /// @param config the options
    /// @param warnings settings that are allowed but probably not intended
    record Valid<C extends Record>(C config, List<Problem> warnings) implements Loaded<C> {
        @Override
        public List<Problem> problems() {
            return List.of();
        }
    }

    /// An invalid configuration.
    ///
    /// @param problems all problems, at least one, in the order of the file
    record Invalid<C extends Record>(List<Problem> problems) implements Loaded<C> {
        @Override
        public C config() {
            throw new IllegalStateException(problems.toString());
        }
    }
}
