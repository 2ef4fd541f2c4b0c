/// Commands that both programs have, made from the program's options, and the options of those that
/// talk to a running program ({@link AdminOption}).
///
/// ```
///   OptionSet --+--> ConfigCommand   PROGRAM config --defaults | --schema
///               '--> OptionFlags     the flags of PROGRAM run: --KEY VALUE
/// ```
@NullMarked
package org.anycastdns.daemon.command;

import org.jspecify.annotations.NullMarked;
