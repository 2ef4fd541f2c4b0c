/// What is made from the declarations of options, so that no document repeats them.
///
/// ```
///   OptionSet --+--> OptionsPage    docs/reference/PROGRAM-options.md, lines of `check --help`
///               +--> OptionsSchema  docs/reference/PROGRAM.schema.json, `config --schema`
///               '--> DefaultFile    `config --defaults`
///        all use Facts: what may be written, in a few words
/// ```
@NullMarked
package org.anycastdns.daemon.reference;

import org.jspecify.annotations.NullMarked;
