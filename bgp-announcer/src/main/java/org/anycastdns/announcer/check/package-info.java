/// Probes the responder as a client would, and follows its lifeline. The threads of this package
/// pass their observations to one sink. They do not judge them.
///
/// ```
///  Prober(udp) thread --ask--> responder:53 --reply--> Round --> Probed -.
///  Prober(tcp) thread --ask--> responder:53 --reply--> Round --> Probed -+-> sink
///  LifelineClient thread <--server-sent events-- :9153/lifeline -> Beat -+
///                        <-- end of stream --------------------> Closed -'
///  StatusPage thread --GET /status--> the names to ask about -> Reported +
///  AddressWatch thread --> interfaces of this host ---------> Located --'
/// ```
@NullMarked
package org.anycastdns.announcer.check;

import org.jspecify.annotations.NullMarked;
