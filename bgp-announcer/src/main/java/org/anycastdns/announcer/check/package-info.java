/// Observes services as a client would. The threads of this package pass their observations to one
/// sink, with the name of the service. They do not judge them.
///
/// ```
///  a dns-server (`health`):
///  Prober(udp) thread --ask--> responder:53 --reply--> Round --> Probed -.
///  Prober(tcp) thread --ask--> responder:53 --reply--> Round --> Probed -+-> sink
///  LifelineClient thread <--server-sent events-- :9153/lifeline -> Beat -+
///                        <-- end of stream --------------------> Closed -+
///  StatusPage thread --GET /status--> the names to ask about -> Reported +
///  AddressWatch thread --> interfaces of this host ---------> Located --'
///
///  any service (`checks`):
///  Paced (one CheckLoop): DnsQueries, TcpConnect, HttpGet: without TLS ------> Checked --> sink
///  Repeated (virtual threads): DnsCheck, TcpCheck, HttpCheck with TLS,
///                               CommandCheck, EgressCheck -------------------> Checked --> sink
///                               LifelineCheck <-- LifelineClient
///  ProcessWatch thread: kernel.ProcessDescriptor of each pidfile ------------> Checked --> sink
/// ```
///
/// [Probes] starts and ends all of them, at the start and when a reload changes them.
///
/// More than 20 types because each kind of check and each source of evidence is one.
@NullMarked
package org.anycastdns.announcer.check;

import org.jspecify.annotations.NullMarked;
