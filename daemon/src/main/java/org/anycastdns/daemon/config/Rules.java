package org.anycastdns.daemon.config;

/// Validates options together, for what a type or a limit cannot express.
///
/// @param <C> the record of all options
@FunctionalInterface
public interface Rules<C extends Record> {

    /// Adds a problem for every violated rule, and warnings.
    void check(C config, Report report);
}
