package org.anycastdns.announcer.health;

import java.util.Locale;

/// The transport of a probe. Each has its own streak, because one can fail alone.
public enum ProbeTransport {
    UDP,
    TCP;

    /// Returns the name as a metric label: `udp` or `tcp`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
