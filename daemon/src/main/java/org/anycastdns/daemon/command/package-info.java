/// Commands that both programs have, made from the program's options and commands, and the options
/// of those that talk to a running program ({@link AdminOption}).
///
/// ```
///   OptionSet --+--> ConfigCommand   PROGRAM config --defaults | --schema
///               '--> OptionFlags     the flags of PROGRAM run: --KEY VALUE
///   CommandLine-+--> CompletionCommand   PROGRAM completion SHELL
///               '--> ShareCommand        man pages and completion for the distribution
/// ```
@NullMarked
package org.anycastdns.daemon.command;

import org.jspecify.annotations.NullMarked;
