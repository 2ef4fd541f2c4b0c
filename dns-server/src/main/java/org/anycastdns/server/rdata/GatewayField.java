package org.anycastdns.server.rdata;

/// The gateway of IPSECKEY (RFC 4025 section 2.5) or the relay of AMTRELAY (RFC 8777 section
/// 4.2.3). The second octet of the data determines whether it is empty, an address or a name.
final class GatewayField extends Field {

    private static final int KIND = 1;
    private static final int KIND_BITS = 0x7f;

    GatewayField(String label) {
        super(label);
    }

    @Override
    boolean read(RdataReader in) {
        return switch (in.octet(KIND) & KIND_BITS) {
            case 0 -> {
                boolean dot =
                        in.word() && in.stop() - in.start() == 1 && in.character(in.start()) == '.';
                yield dot ? in.taken() : in.expected("'.', because there is no gateway");
            }
            case 1 -> in.ipv4();
            case 2 -> in.ipv6();
            case 3 -> in.name();
            default -> in.refuse("this type of gateway has no text form: write the data as \\#");
        };
    }

    @Override
    boolean check(RdataOctets in) {
        return switch (in.before(KIND) & KIND_BITS) {
            case 0 -> true;
            case 1 -> in.skip(AddressField.IPV4_OCTETS);
            case 2 -> in.skip(AddressField.IPV6_OCTETS);
            case 3 -> in.name();
            default -> in.refuse("it has an unknown type");
        };
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        to.append(' ');
        switch (in.before(KIND) & KIND_BITS) {
            case 0 -> to.append('.');
            case 1 -> AddressField.ipv4(in, to);
            case 2 -> AddressField.ipv6(in, to);
            default -> in.name(to);
        }
    }
}
