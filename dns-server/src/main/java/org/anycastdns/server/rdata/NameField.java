package org.anycastdns.server.rdata;

/// A domain name.
final class NameField extends Field {

    private final boolean compressible;
    private final boolean lowered;
    private final boolean host;

    private NameField(String label, boolean compressible, boolean lowered, boolean host) {
        super(label);
        this.compressible = compressible;
        this.lowered = lowered;
        this.host = host;
    }

    /// Returns a field for a name in a type of RFC 1035: it may be compressed (RFC 3597 section 4),
    /// and is in lower case in canonical form.
    static NameField old(String label) {
        return new NameField(label, true, true, false);
    }

    /// Returns a field for a name that is never compressed but is in lower case in canonical form:
    /// the types listed in RFC 4034 section 6.2.
    static NameField lowered(String label) {
        return new NameField(label, false, true, false);
    }

    /// Returns a field for a name that is neither compressed nor put into lower case.
    static NameField plain(String label) {
        return new NameField(label, false, false, false);
    }

    boolean isHost() {
        return host;
    }

    /// Returns this field, marked as the name of a host whose addresses belong in the additional
    /// section.
    NameField host() {
        return new NameField(label(), compressible, lowered, true);
    }

    boolean isCompressible() {
        return compressible;
    }

    /// Returns whether senders have ever compressed this name, so that readers must decompress it:
    /// in the types of RFC 1035 and in those of RFC 3597 section 4.
    boolean mayArriveCompressed() {
        return lowered;
    }

    @Override
    boolean read(RdataReader in) {
        return in.name();
    }

    @Override
    boolean check(RdataOctets in) {
        return in.name();
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        in.name(to.append(' '));
    }

    @Override
    void canonical(RdataOctets in) {
        if (lowered) {
            in.foldName();
        } else {
            in.name();
        }
    }
}
