/// The built responder as a process, asked by clients that know nothing of its code: dig, kdig,
/// dnsjava, plain sockets, and Knot beside it for comparison.
///
/// ```
/// zones (samples, root zone) -> dns-server run -> 127.0.0.1 and ::1, a free port
///                                    ^   ^
///              dig, kdig, UdpClient -+   +- /status, /metrics, reload
/// ```
@NullMarked
package org.anycastdns.server.it;

import org.jspecify.annotations.NullMarked;
