package org.anycastdns.server.wire;

import java.nio.charset.StandardCharsets;

/// An extended DNS error (RFC 8914): INFO-CODE and EXTRA-TEXT, encoded as an EDNS option.
public enum ExtendedError {
    /// A CNAME or DNAME chain loops or is too long; no registered code fits (RFC 8914 section 4.1).
    OTHER_LOOP(0, "CNAME or DNAME chain too long"),
    /// The TSIG key is unknown; only the TSIG error has a code (RFC 8945 section 5.2.1).
    OTHER_KEY(0, "TSIG key or its algorithm is not known here"),
    /// The TSIG MAC is wrong (RFC 8945 section 5.2.2).
    OTHER_SIGNATURE(0, "TSIG signature is wrong: the secrets differ"),
    /// The time of the TSIG record is wrong (RFC 8945 section 5.2.3).
    OTHER_TIME(0, "TSIG time is wrong: the clocks differ"),
    /// The MAC of the TSIG record is too short (RFC 8945 section 5.2.4).
    OTHER_TRUNCATION(0, "TSIG signature is shorter than allowed here"),
    /// As many zone transfers run as may run at once (RFC 9103 section 6.3.3 keeps REFUSED for
    /// policy).
    OTHER_BUSY(0, "too many transfers at once, try again later"),
    /// As many updates wait as may wait at once.
    OTHER_UPDATES(0, "too many updates at once, try again later"),

    /// The disk does not take the change (RFC 2136 section 3.5 wants it durable).
    OTHER_STORE(0, "the change cannot be stored now, try again later"),

    /// The zone is configured but could not be loaded (section 4.15).
    NOT_READY(14, "zone is not loaded"),
    /// The operator edits the zone's file, so no update is taken now (section 4.15; Knot answers
    /// alike).
    FROZEN(14, "the zone is frozen while its operator edits it, try again later"),
    /// Policy forbids the request, e.g. a transfer or an update (section 4.19).
    PROHIBITED(18, "not allowed here"),
    /// The client's address is on none of the zone's access lists (section 4.19).
    PROHIBITED_ADDRESS(18, "not allowed from this address"),
    /// The access list wants a TSIG key, or another one (section 4.19).
    PROHIBITED_KEY(18, "not allowed with this TSIG key, or without one"),
    /// The access list wants DNS over TLS (section 4.19).
    PROHIBITED_TRANSPORT(18, "allowed over TLS only"),
    /// The access list wants a client certificate with another name (section 4.19).
    PROHIBITED_CERTIFICATE(18, "not allowed with this client certificate, or without one"),
    /// A client over TLS must ask for DNS over TLS by ALPN (section 4.19, RFC 9103 section 7.1).
    PROHIBITED_PROTOCOL(18, "allowed with the application protocol 'dot' only"),

    /// No key may change the zone (section 4.19).
    PROHIBITED_UPDATE(18, "the zone takes no updates here"),

    /// The key may change the zone, but not so, or the zone cannot hold the result (section 4.19).
    PROHIBITED_CHANGE(18, "the key may not make this change, or the zone cannot hold it"),

    /// The server has no zone for the name (section 4.21).
    NOT_AUTHORITATIVE(20, "not authoritative for this name"),
    /// The server does not support the class or operation (section 4.22).
    NOT_SUPPORTED(21, "class not supported"),
    /// No primary of the zone answers (section 4.23).
    NO_PRIMARY(22, "no primary of the zone answers"),
    /// The data of the zone are too old (section 4.25).
    EXPIRED(24, "zone has expired: its primaries have not confirmed it for too long");

    @SuppressWarnings("ImmutableEnumChecker") // never written after construction, package-private
    private final byte[] option;

    ExtendedError(int code, String text) {
        byte[] extra = text.getBytes(StandardCharsets.UTF_8);
        option = new byte[6 + extra.length];
        option[1] = Edns.EXTENDED_ERROR;
        option[3] = (byte) (2 + extra.length);
        option[5] = (byte) code;
        System.arraycopy(extra, 0, option, 6, extra.length);
    }

    /// Returns a copy of the encoded option: code, length, INFO-CODE and EXTRA-TEXT.
    public byte[] encoded() {
        return option.clone();
    }

    /// Returns the encoded option, which must not be modified.
    byte[] option() {
        return option;
    }
}
