package org.anycastdns.lab.engine;

/// What the operator has to know and can mend, as one sentence.
public final class LabException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// A sentence for the operator.
    public LabException(String sentence) {
        super(sentence);
    }
}
