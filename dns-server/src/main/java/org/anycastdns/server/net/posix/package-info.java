/// Linux UDP sockets by system calls, through the JDK's foreign function interface. One system call
/// receives a batch of datagrams and another one sends it; nothing is allocated per datagram. This
/// package knows nothing about the DNS. Besides it, only `FileCalls` of the package `files` calls
/// native code.
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
