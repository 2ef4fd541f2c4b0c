/// The configuration of a program: options declared once, read from a YAML file, flags and the
/// environment, with every problem at its place.
///
/// ```
///    record component with @Option         (text, type, default, limits: in one place)
///         |
///    OptionSet ---> OptionsPage   docs/reference/PROGRAM-options.md, `check --help`
///         |    ---> OptionsSchema docs/reference/PROGRAM.schema.json, `config --schema`
///         |    ---> DefaultFile   `config --defaults`
///         |
///         |         Kinds: type -> parser      Rules: options that must fit together
///         v             |                          |
///   flags ----+         v                          v
///   file.yaml-+-> Setting -> Binder -> record -> Rules -> Loaded.Valid(config, warnings)
///   machine --+    ^   |        |                  |   or Loaded.Invalid(problems)
///            ${NAME}   '--------+------------------'--> Report: file:line:column, did you mean
/// ```
///
/// It knows neither DNS nor BGP: each program adds its own types of values to [Kinds].
@NullMarked
package org.anycastdns.daemon.config;

import org.jspecify.annotations.NullMarked;
