package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The template of an owner name or of RDATA in `$GENERATE`, with BIND's syntax: text with
/// placeholders for the number.
///
/// ```
///   $                         the number
///   ${OFFSET[,WIDTH[,BASE]]}  the number plus OFFSET, padded with zeros to WIDTH characters
///   $$  \$                    the character $
/// ```
///
/// BASE is `d` (decimal), `o` (octal), `x` or `X` (hexadecimal), or `n` or `N`: hexadecimal digits
/// in reverse order, separated by dots, as in ip6.arpa. For `n` and `N`, WIDTH includes the dots.
final class GenerateTemplate {

    /// Maximum length in octets of an expanded owner name or RDATA; BIND has the same limit.
    static final int EXPANDED_OCTETS_MAX = 2_048;

    /// Maximum width of a number in characters; BIND has the same limit.
    static final int WIDTH_MAX = 127;

    private static final Pattern MODIFIERS =
            Pattern.compile("\\$\\{\\s*([+-]?\\d+)(?:,\\s*(\\d+)(?:,([doxXnN]))?)?\\}");

    /// A part of a template.
    private sealed interface Part {

        /// Literal text.
        record Literal(String text) implements Part {}

        /// A placeholder for the number.
        record Place(int offset, int width, char base) implements Part {}
    }

    private final List<Part> parts = new ArrayList<>();

    /// Parses a template.
    ///
    /// @param text characters represent octets with the same number (ISO 8859-1)
    /// @throws IllegalArgumentException if a `${...}` is malformed; the message explains the syntax
    GenerateTemplate(String text) {
        StringBuilder literal = new StringBuilder();
        Matcher modifiers = MODIFIERS.matcher(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (c == '\\' && at + 1 < text.length()) {
                literal.append(c).append(next);
                at += 2;
            } else if (c == '$' && next == '$') {
                literal.append(c);
                at += 2;
            } else if (c == '$') {
                parts.add(new Part.Literal(literal.toString()));
                literal.setLength(0);
                boolean modified = next == '{';
                parts.add(modified ? number(modifiers, at) : new Part.Place(0, 0, 'd'));
                at = modified ? modifiers.end() : at + 1;
            } else {
                literal.append(c);
                at++;
            }
        }
        parts.add(new Part.Literal(literal.toString()));
    }

    private static Part.Place number(Matcher modifiers, int at) {
        if (!modifiers.region(at, modifiers.regionEnd()).lookingAt()) {
            throw new IllegalArgumentException(
                    "'${' must begin ${OFFSET}, ${OFFSET,WIDTH} or ${OFFSET,WIDTH,BASE}, where"
                            + " BASE is d, o, x, X, n or N; write '$$' for a plain '$'");
        }
        try {
            int offset = Integer.parseInt(modifiers.group(1));
            int width = modifiers.group(2) == null ? 0 : Integer.parseInt(modifiers.group(2));
            char base = modifiers.group(3) == null ? 'd' : modifiers.group(3).charAt(0);
            if (width <= WIDTH_MAX) {
                return new Part.Place(offset, width, base);
            }
        } catch (NumberFormatException e) {
            // Reported below, like a width that is too large.
        }
        throw new IllegalArgumentException(
                "%s: the offset has 32 bits and the width is at most %d"
                        .formatted(modifiers.group(), WIDTH_MAX));
    }

    /// Returns the text for a number.
    ///
    /// @throws IllegalArgumentException if a value overflows or the text is too long; the message
    ///   explains
    String expand(int number) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> out.append(text);
                case Part.Place place -> out.append(text(place, number));
            }
        }
        if (out.length() > EXPANDED_OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "the text made from the template is longer than %d octets"
                            .formatted(EXPANDED_OCTETS_MAX));
        }
        return out.toString();
    }

    private static String text(Part.Place place, int number) {
        long sum = (long) number + place.offset;
        int value = (int) sum;
        if (value != sum) {
            throw new IllegalArgumentException(
                    "%d plus the offset %d does not fit into 32 bits"
                            .formatted(number, place.offset));
        }
        return switch (place.base) {
            case 'n', 'N' -> nibbles(value, place.width, place.base == 'N');
            case 'o' -> padded("", Integer.toOctalString(value), place.width);
            case 'x' -> padded("", Integer.toHexString(value), place.width);
            case 'X' ->
                    padded("", Integer.toHexString(value).toUpperCase(Locale.ROOT), place.width);
            default -> padded(sum < 0 ? "-" : "", Long.toString(Math.abs(sum)), place.width);
        };
    }

    private static String padded(String sign, String digits, int width) {
        return sign + "0".repeat(Math.max(0, width - sign.length() - digits.length())) + digits;
    }

    /// Returns digits and dots in turn, the least significant digit first, until all digits are
    /// written and the width is reached. A width that ends after a dot keeps the dot.
    private static String nibbles(int value, int width, boolean upperCase) {
        StringBuilder text = new StringBuilder();
        int rest = value;
        do {
            char digit = Character.forDigit(rest & 0xf, 16);
            text.append(upperCase ? Character.toUpperCase(digit) : digit);
            rest >>>= 4;
            if (rest != 0 || text.length() < width) {
                text.append('.');
            }
        } while (rest != 0 || text.length() < width);
        return text.toString();
    }
}
