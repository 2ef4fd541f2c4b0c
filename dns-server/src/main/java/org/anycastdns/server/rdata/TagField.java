package org.anycastdns.server.rdata;

/// The tag of a CAA record: a short string of letters and digits (RFC 8659 section 4.1).
final class TagField extends CheckedStringField {

    private static final String EXPECTED = "letters and digits, such as issue";

    TagField() {
        super("tag", EXPECTED);
    }

    @Override
    boolean read(RdataReader in) {
        int from = in.end();
        int token = in.token();
        if (!in.more() || !in.string() || in.objection(this, from) != null) {
            in.token(token);
            return in.expected(EXPECTED);
        }
        return true;
    }

    @Override
    boolean isSound(String text) {
        return !text.isEmpty() && text.chars().allMatch(TagField::isLetterOrDigit);
    }

    private static boolean isLetterOrDigit(int c) {
        int lower = c | 0x20;
        return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        int octets = in.next();
        to.append(' ');
        for (int i = 0; i < octets; i++) {
            to.append((char) in.next());
        }
    }
}
