package org.anycastdns.server.transfer.tsig;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.server.wire.Name;

/// A key that two parties share. Its text form hides the secret.
///
/// A key may be truncated: then it sends shorter MACs, and accepts them (RFC 8945 section 5.2.4).
public final class TsigKey {

    /// The longest secret in octets: more than any algorithm makes use of (RFC 2104 section 3).
    public static final int SECRET_OCTETS_MAX = 1_024;

    private final Name name;
    private final TsigAlgorithm algorithm;
    private final int macOctets;
    private final SecretKeySpec secret;
    private final byte[] secretOctets;

    /// Creates a key with whole MACs.
    ///
    /// @throws IllegalArgumentException if the secret is empty or longer than 1,024 octets, or this
    ///   Java does not have the algorithm
    public TsigKey(Name name, TsigAlgorithm algorithm, byte[] secret) {
        this(name, algorithm, algorithm.macOctets(), secret);
    }

    /// Creates a key.
    ///
    /// @param macOctets length of the MACs that it sends, and of the shortest that it accepts
    /// @throws IllegalArgumentException if the secret is empty or longer than 1,024 octets, or the
    ///   MACs are shorter than {@link TsigAlgorithm#macOctetsMin} or longer than the algorithm's,
    ///   or this Java does not have the algorithm
    public TsigKey(Name name, TsigAlgorithm algorithm, int macOctets, byte[] secret) {
        if (secret.length == 0 || secret.length > SECRET_OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "the secret has %d octets, not 1 to %d"
                            .formatted(secret.length, SECRET_OCTETS_MAX));
        }
        if (macOctets < algorithm.macOctetsMin() || macOctets > algorithm.macOctets()) {
            throw new IllegalArgumentException(
                    "a MAC of %s has %d to %d bits, not %d"
                            .formatted(
                                    algorithm.word(),
                                    8 * algorithm.macOctetsMin(),
                                    8 * algorithm.macOctets(),
                                    8 * macOctets));
        }
        this.name = name;
        this.algorithm = algorithm;
        this.macOctets = macOctets;
        this.secret = new SecretKeySpec(secret, algorithm.macName());
        this.secretOctets = secret.clone();
        // Loads what computes a MAC now, not while the first signed request waits. A Java that
        // leaves out weak algorithms is found now too.
        mac(this.secret);
    }

    /// Returns the name of the key.
    public Name name() {
        return name;
    }

    /// Returns the algorithm of the key.
    public TsigAlgorithm algorithm() {
        return algorithm;
    }

    /// Returns the length of the MACs that the key sends, in octets.
    public int macOctets() {
        return macOctets;
    }

    /// Returns a MAC that waits for the octets to sign.
    Mac mac() {
        return mac(secret);
    }

    private static Mac mac(SecretKeySpec secret) {
        try {
            Mac mac = Mac.getInstance(secret.getAlgorithm());
            mac.init(secret);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "this Java does not have " + secret.getAlgorithm() + "; use another algorithm",
                    e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TsigKey that
                && name.equals(that.name)
                && algorithm == that.algorithm
                && macOctets == that.macOctets
                && Arrays.equals(secretOctets, that.secretOctets);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "TsigKey[%s %s ...]".formatted(name, algorithm.word());
    }
}
