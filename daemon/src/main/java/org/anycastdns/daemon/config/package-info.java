/// The configuration of a program: options declared once, read from a YAML file, flags and the
/// environment, with every problem at its place.
///
/// ```
///    record component with @Option          (text, type, default, limits: in one place)
///         |
///         v              Kinds: type -> parser       Rules: options that must fit together
///    OptionSet of Declarations -----> reference: page, schema, default file; command: flags
///         |                       |                         |
///   flags ----+                   v                         v
///   file.yaml-+-> Setting ----> Binder ----> record ----> Rules ---> Loaded.Valid(config, warnings)
///   machine --+      ^            |                         |   or  Loaded.Invalid(problems)
///              ${NAME} of the     '-------------------------'--> Report: file:line:column,
///              environment                                       did you mean
/// ```
///
/// It knows neither DNS nor BGP: each program adds its own types of values to [Kinds].
@NullMarked
package org.anycastdns.daemon.config;

import org.jspecify.annotations.NullMarked;
