package org.anycastdns.server.guard;

/// What an access list decides about a peer; the later ones are nearer to what is wanted.
public enum Access {
    /// No rule has the peer's address.
    OTHER_ADDRESS("its address is on no access list of the zone"),
    /// A rule has the address, but wants a TSIG key, or another one.
    OTHER_KEY("the access list wants another TSIG key"),
    /// A rule has the address and the key, but wants TLS.
    NOT_ENCRYPTED("the access list wants TLS"),
    /// A rule has the address, the key and TLS, but wants a certificate with another name.
    OTHER_CERTIFICATE("the access list wants a client certificate with another name"),
    /// The peer may.
    ALLOWED("it is on the access list");

    private final String reason;

    Access(String reason) {
        this.reason = reason;
    }

    /// Returns the reason, for the log.
    public String reason() {
        return reason;
    }
}
