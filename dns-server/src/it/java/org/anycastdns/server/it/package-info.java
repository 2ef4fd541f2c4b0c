/// Tests of the built responder as a process. The clients share no code with it: dig, kdig,
/// dnsjava, plain sockets, and Knot for comparison.
///
/// ```
/// zones (samples, root zone) -> dns-server run -> 127.0.0.1 and ::1, a free port
///                                    ^   ^
///              dig, kdig, UdpClient -+   +- /status, /metrics, reload
/// ```
@NullMarked
package org.anycastdns.server.it;

import org.jspecify.annotations.NullMarked;
