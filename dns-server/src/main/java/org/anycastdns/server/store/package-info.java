/// What survives a restart: the zones that arrived by transfer or UPDATE, their timers, and the
/// changes that lead to their present versions.
@NullMarked
package org.anycastdns.server.store;

import org.jspecify.annotations.NullMarked;
