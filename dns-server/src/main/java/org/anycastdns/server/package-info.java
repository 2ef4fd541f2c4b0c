/// The responder: the program's entry point, its commands, and the wiring of its components.
///
/// More than 20 types because each command, and each service that the server consists of, is one.
@NullMarked
package org.anycastdns.server;

import org.jspecify.annotations.NullMarked;
