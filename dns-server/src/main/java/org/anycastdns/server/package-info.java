/// The responder: the program's entry point; wiring only.
@NullMarked
package org.anycastdns.server;

import org.jspecify.annotations.NullMarked;
