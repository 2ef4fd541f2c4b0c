/// The options of the announcer. Each is one component of [Config] or a record in it.
///
/// ```
///   AnnouncerOptions.SET = Config       (options: text, default, limits)
///                        + KINDS        (their types: Prefix, Community, RouterId ... -> parser)
///                        + ConfigRules  (options together: families, duplicates, bogons)
///                          PlaceRules, ScopeRules, AddressRules, ServiceRules
///          |
///          v   read(file): see org.anycastdns.daemon.config
///   Loaded.Valid(config, warnings)  or  Loaded.Invalid(problems at file:line:column)
///
///   Difference: what a reload would change, option by option, without secrets
/// ```
@NullMarked
package org.anycastdns.announcer.config;

import org.jspecify.annotations.NullMarked;
