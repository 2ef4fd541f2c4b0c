/// UDP sockets of Linux by its system calls, through the JDK's foreign function interface: batches
/// of datagrams in and out with two calls, and nothing allocated for any of them. Nothing about the
/// DNS is known here, and nobody else in this program calls native code.
///
/// ```
///                    one native allocation, made once (DatagramBatch)
///                   +-----------------------------------------------------+
///   recvmmsg(2) --> | headers -> vectors -> slots, addresses, packet info |
///                   |                                  |       |          |
///   sendmmsg(2) <-- | headers -> vectors -> slots      +-------+          |
///                   +----------^-----------------------reply to the sender+
///      UdpSocket: open, options, bind     Poller: which of several is ready
///                        \__________ Kernel ________/
/// ```
@NullMarked
package org.anycastdns.server.net.posix;

import org.jspecify.annotations.NullMarked;
