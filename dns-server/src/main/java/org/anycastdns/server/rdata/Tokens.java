package org.anycastdns.server.rdata;

/// The tokens of one entry of a master file, as offsets into its text.
public interface Tokens {

    /// Returns the octets that {@link #start} and {@link #end} refer to; callers must not change
    /// them.
    byte[] text();

    /// Returns the number of tokens in the entry.
    int count();

    /// Returns where a token starts, after its opening quote if it has one.
    int start(int index);

    /// Returns where a token ends, before its closing quote if it has one.
    int end(int index);

    /// Returns whether a token is in quotes.
    boolean isQuoted(int index);
}
