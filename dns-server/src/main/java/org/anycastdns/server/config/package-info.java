/// Reads the configuration: which options exist, their values, and the places of mistakes.
///
/// ```
///   --flags        file.yaml       detected from the machine   @Option of each record component
///      |               |                    |                            |
///      v               v                    v                            v
///   Setting  over   Setting    over      Setting         over         default
///                      |
///                   Binder  -> Config, or every mistake as file:line:column
/// ```
@NullMarked
package org.anycastdns.server.config;

import org.jspecify.annotations.NullMarked;
