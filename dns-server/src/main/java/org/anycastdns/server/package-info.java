/// The responder: the program's entry point, its commands, and the wiring of its components.
@NullMarked
package org.anycastdns.server;

import org.jspecify.annotations.NullMarked;
