package org.anycastdns.server.rdata;

/// Groups of hexadecimal digits with separators: EUI48 and EUI64 (RFC 7043), and the 64 bits of an
/// ILNP node identifier or locator (RFC 6742).
final class GroupsField extends Field {

    private final int groups;
    private final int octets;
    private final char separator;
    private final String example;

    private GroupsField(String label, int groups, int octets, char separator, String example) {
        super(label);
        this.groups = groups;
        this.octets = octets;
        this.separator = separator;
        this.example = example;
    }

    static GroupsField eui48() {
        return new GroupsField("address", 6, 1, '-', "00-00-5e-00-53-2a");
    }

    static GroupsField eui64() {
        return new GroupsField("address", 8, 1, '-', "00-00-5e-ef-10-00-00-2a");
    }

    static GroupsField ilnp(String label) {
        return new GroupsField(label, 4, 2, ':', "0014:4fff:ff20:ee64");
    }

    @Override
    boolean read(RdataReader in) {
        if (!in.word()) {
            return bad(in);
        }
        int at = in.start();
        for (int group = 0; group < groups; group++) {
            int value = 0;
            int digits = 0;
            for (; at < in.stop() && RdataReader.hexDigit(in.character(at)) >= 0; at++) {
                value = value << 4 | RdataReader.hexDigit(in.character(at));
                if (++digits > 2 * octets) {
                    return bad(in);
                }
            }
            boolean last = group == groups - 1;
            boolean ends = last ? at == in.stop() : at < in.stop() && in.character(at) == separator;
            if (digits == 0 || !ends) {
                return bad(in);
            }
            in.put(value, octets);
            at++;
        }
        return in.taken();
    }

    private boolean bad(RdataReader in) {
        return in.expected("%d groups such as %s".formatted(groups, example));
    }

    @Override
    boolean check(RdataOctets in) {
        return in.skip(width());
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        for (int group = 0; group < groups; group++) {
            in.hex(octets, to.append(group == 0 ? ' ' : separator));
        }
    }

    @Override
    int width() {
        return groups * octets;
    }
}
