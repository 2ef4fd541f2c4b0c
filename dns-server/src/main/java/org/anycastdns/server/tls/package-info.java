/// TLS for DNS (RFC 7858, RFC 9103): certificates and keys from files, and what connections are
/// made with, as a server and as a client of other servers. Files that change are read while the
/// program runs; files that are broken keep what was read before.
///
/// ```
///   files --Pem, CertifiedKey--> ServerTls (listener) ----.
///           --Pem, CertifiedKey, Pin--> PeerTls (primaries) --> SslHandler of a connection
///                 Reloaded: the last good version; TlsFilesWatch: the thread that looks
/// ```
///
/// Everything is TLS 1.3 of the JDK, see docs/decisions/041-tls-of-the-jdk.md.
@NullMarked
package org.anycastdns.server.tls;

import org.jspecify.annotations.NullMarked;
