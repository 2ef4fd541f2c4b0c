package org.anycastdns.server.tls;

/// What connections are made with, from files that may change.
public sealed interface WatchedTls permits ServerTls, PeerTls {

    /// Looks whether the files changed, and takes new ones. One thread calls this again and again.
    void look();
}
