/// The options of the server. Each is one component of [Config] or a record in it.
///
/// ```
///   ServerOptions.SET = Config   (options: text, default, limits, flag)
///                     + KINDS    (their types: Name, ZoneFileNames, CookieSecret ... -> parser)
///          |
///          v   read(file, flags, detected): see org.anycastdns.daemon.config
///   Loaded.Valid(config)  or  Loaded.Invalid(problems at file:line:column)
/// ```
@NullMarked
package org.anycastdns.server.config;

import org.jspecify.annotations.NullMarked;
