package org.anycastdns.server.transfer.tsig;

import java.util.Arrays;
import java.util.stream.Collectors;

/// An algorithm, and how many octets of its MAC are sent.
///
/// @param macOctets {@link TsigAlgorithm#macOctetsMin} to {@link TsigAlgorithm#macOctets}
public record TsigMethod(TsigAlgorithm algorithm, int macOctets) {

    /// The one that everybody has.
    public static final TsigMethod DEFAULT = whole(TsigAlgorithm.HMAC_SHA256);

    private static TsigMethod whole(TsigAlgorithm algorithm) {
        return new TsigMethod(algorithm, algorithm.macOctets());
    }

    /// Parses a word such as "hmac-sha256", or one with the bits of a truncated MAC such as
    /// "hmac-sha256-128".
    ///
    /// @throws IllegalArgumentException with a complete message for the operator
    public static TsigMethod of(String text) {
        for (TsigAlgorithm each : TsigAlgorithm.values()) {
            if (text.equalsIgnoreCase(each.word())) {
                return whole(each);
            }
            for (int octets = each.macOctetsMin(); octets < each.macOctets(); octets++) {
                if (text.equalsIgnoreCase(each.word() + "-" + 8 * octets)) {
                    return new TsigMethod(each, octets);
                }
            }
        }
        String words =
                Arrays.stream(TsigAlgorithm.values())
                        .map(TsigAlgorithm::word)
                        .collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "must be one of %s, or one with the bits of a truncated MAC such as hmac-sha256-128, not '%s'"
                        .formatted(words, text));
    }

    /// Returns the word that {@link #of} parses.
    public String word() {
        String word = algorithm.word();
        return macOctets == algorithm.macOctets() ? word : word + "-" + 8 * macOctets;
    }
}
