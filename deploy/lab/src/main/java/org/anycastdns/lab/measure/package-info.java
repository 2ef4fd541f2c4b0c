/// The load generator that runs in the clients, and what is made of its results.
///
///     Load: UdpLoad, TcpLoad --> Record of every query --> Result (JSON) --> Report, Timeline (SVG)
@NullMarked
package org.anycastdns.lab.measure;

import org.jspecify.annotations.NullMarked;
