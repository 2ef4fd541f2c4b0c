/// What survives a restart: the zones that arrived by transfer or UPDATE, their timers, and the
/// changes that lead to their present versions.
///
/// {@link org.anycastdns.server.store.StateFolder} keeps them in files. More than 20 types because
/// the log, the snapshots and the index of both share one format, which nothing else should know.
@NullMarked
package org.anycastdns.server.store;

import org.jspecify.annotations.NullMarked;
