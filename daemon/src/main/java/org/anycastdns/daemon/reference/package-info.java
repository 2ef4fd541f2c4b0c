/// Makes documents from the declarations of options and commands, so that nothing is written twice.
///
/// ```
///   OptionSet --+--> OptionsPage    docs/reference/PROGRAM-options.md, lines of `check --help`
///               +--> OptionsSchema  docs/reference/PROGRAM.schema.json, `config --schema`
///               '--> DefaultFile    `config --defaults`
///                     (all three use Facts: what a value may be, in a few words)
///
///   CommandLine ---> ManPages       share/man/man1 of the distribution
/// ```
@NullMarked
package org.anycastdns.daemon.reference;

import org.jspecify.annotations.NullMarked;
