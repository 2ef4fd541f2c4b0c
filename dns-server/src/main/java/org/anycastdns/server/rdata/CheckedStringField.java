package org.anycastdns.server.rdata;

/// A character string that must have a form of its own, such as digits.
abstract class CheckedStringField extends Field {

    /// The form, for messages.
    final String expected;

    /// @param expected the form, for messages
    CheckedStringField(String label, String expected) {
        super(label);
        this.expected = expected;
    }

    /// Returns whether a string has the form. Each character is one octet.
    abstract boolean isSound(String text);

    @Override
    final boolean check(RdataOctets in) {
        if (!in.has(1) || !in.has(1 + in.peek(0))) {
            return false;
        }
        int octets = in.next();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < octets; i++) {
            text.append((char) in.next());
        }
        return isSound(text.toString()) || in.refuse("expected " + expected);
    }
}
