package org.anycastdns.announcer.health;

import java.util.Locale;

/// How a probe travels; each transport has a streak of its own, since one can break alone.
public enum Transport {
    UDP,
    TCP;

    /// The name as a metric label: `udp` or `tcp`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
