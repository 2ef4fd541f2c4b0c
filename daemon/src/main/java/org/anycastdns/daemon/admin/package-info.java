/// The admin HTTP of both programs: the server with its table of pages and actions, the operator's
/// token, and the client of the commands.
///
/// ```
///   command, curl, scraper, announcer                    the daemon
///   ---------------------------------                    ----------
///   AdminClient --GET---------------+
///        |                          v
///        |  reads            AdminServer -> Places: who may stay connected
///        v                          |
///   runtime folder             AdminHandler: SameOrigin, method, token, deadlines
///   PROGRAM-PORT.token              |
///        ^                          v
///        |  writes             AdminPages (table) -> small page   made for each request
///   TokenFile <-- at start          |               -> SharedPage  made once for everybody
///        |                          |               -> EventStream records for many clients
///        +--POST, with token--------+               -> action      needs the token
/// ```
///
/// Clients without the token share a limited number of connections and one event loop. Clients with
/// it have connections and an event loop of their own, so nobody else can lock them out.
@NullMarked
package org.anycastdns.daemon.admin;

import org.jspecify.annotations.NullMarked;
