package org.anycastdns.lab.engine;

/// A problem that the operator can fix, described in one sentence.
public final class LabException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Creates an exception with a sentence for the operator.
    public LabException(String sentence) {
        super(sentence);
    }
}
