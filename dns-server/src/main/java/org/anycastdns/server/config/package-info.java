/// The configuration: what may be set, to what, and where it was set wrongly.
///
/// ```
///   --flags        file.yaml        what the machine says      @Option of each record component
///      |               |                    |                            |
///      v               v                    v                            v
///   Setting  over   Setting    over      Setting         over         default
///                      |
///                   Binder  -> Config, or every mistake as file:line:column
/// ```
@NullMarked
package org.anycastdns.server.config;

import org.jspecify.annotations.NullMarked;
