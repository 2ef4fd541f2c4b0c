/// The configuration file: YAML in, records out. Every problem is reported at once, with its
/// position. Each option is one record component. The binder, the error messages and the reference
/// page use that one definition.
///
/// ```
///  file.yaml --> nodes with marks --> Binder --> Config --> Rules --> Valid(config, warnings)
///                     |  syntax         | unknown key,         | bogons, families,    or
///                     '---------------->+ type, range -------->+ duplicates -> Invalid(problems)
/// ```
@NullMarked
package org.anycastdns.announcer.config;

import org.jspecify.annotations.NullMarked;
