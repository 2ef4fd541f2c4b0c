package org.anycastdns.announcer.loop;

import org.anycastdns.announcer.decision.Decision;

/// Receives what the health loop takes and decides, on the loop's thread; must not block.
public interface Recorder {

    /// A recorder that ignores everything.
    Recorder NONE =
            new Recorder() {
                @Override
                public void began(LoopSettings settings, long createdNanos, long nowNanos) {}

                @Override
                public void took(Input input, long arrivedNanos, long nowNanos) {}

                @Override
                public void decided(String service, Decision decision, long nowNanos) {}
            };

    /// Called once, before the first input.
    ///
    /// @param createdNanos when the first state was made
    void began(LoopSettings settings, long createdNanos, long nowNanos);

    /// Called before each input is carried out, so that an input that ends the loop is recorded
    /// too.
    void took(Input input, long arrivedNanos, long nowNanos);

    /// Called for each decision about a service that differs from the one before.
    void decided(String service, Decision decision, long nowNanos);
}
