package org.anycastdns.daemon.config;

import java.util.List;

/// The result of reading a configuration.
///
/// @param <C> the record of all options
public sealed interface Loaded<C extends Record> {

    /// A valid configuration.
    ///
    /// @param config the options
    /// @param warnings settings that are allowed but probably not intended
    record Valid<C extends Record>(C config, List<Problem> warnings) implements Loaded<C> {}

    /// An invalid configuration.
    ///
    /// @param problems all problems, at least one, in the order of the file
    record Invalid<C extends Record>(List<Problem> problems) implements Loaded<C> {}
}
