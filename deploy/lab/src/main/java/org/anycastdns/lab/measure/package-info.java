/// The load generator that runs in the clients, and the evaluation of its results.
///
///     Load: UdpLoad, TcpLoad --> Journal of every query --> figures (JSON) --> Timeline (SVG)
@NullMarked
package org.anycastdns.lab.measure;

import org.jspecify.annotations.NullMarked;
