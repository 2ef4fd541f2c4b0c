/// Adapters to the machine: addresses on interfaces, the operator's hook, the maintenance file and
/// the next hops that the interfaces offer.
///
/// ```
///  Config --> LoopbackAddresses --> `ip addr add`, `ip addr del`
///  Decision --> HookEnvironment --> Hook --> the operator's program (one thread: hook)
///  MaintenanceFile (one thread) --> the reason in the file, or null without it
///  NextHops <-- interfaces of this host
/// ```
@NullMarked
package org.anycastdns.announcer.host;

import org.jspecify.annotations.NullMarked;
