/// The configuration file: YAML in, records out, every mistake of the operator shown at once with
/// its place. An option is one record component; the binder, the error messages and the reference
/// page are made from it, so that nothing about an option stands twice.
///
/// ```
///  file.yaml ──> nodes with marks ──> Binder ──> Config ──> Rules ──> Valid(config, warnings)
///                     │  syntax         │ unknown key,         │ bogons, families,    or
///                     └────────────────>┴ type, range ────────>┴ duplicates ─> Invalid(problems)
/// ```
@NullMarked
package org.anycastdns.announcer.config;

import org.jspecify.annotations.NullMarked;
