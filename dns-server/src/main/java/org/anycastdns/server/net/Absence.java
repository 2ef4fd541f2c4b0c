package org.anycastdns.server.net;

/// Why no client reaches an address of `listen` now.
public enum Absence {
    /// The address is on no interface. It may come at any time.
    NOT_HERE("is not an address of this host yet; it is served when it appears"),
    /// No interface has an IPv6 address. Our sockets wait for one.
    IPV6_OFF(
            "is not served, because IPv6 is off on this host; it is served when IPv6 is turned on"
                    + " (sysctl net.ipv6.conf.all.disable_ipv6=0)"),
    /// The system makes no IPv6 sockets for this program.
    NO_IPV6(
            "is not served, because this host or the sandbox of this program has no IPv6; allow it"
                    + " (ipv6.disable of the kernel, RestrictAddressFamilies of systemd) and restart"
                    + " the program, or remove the address from listen");

    private final String words;

    Absence(String words) {
        this.words = words;
    }

    /// Returns a predicate for the operator, with the remedy. The address is its subject.
    public String words() {
        return words;
    }
}
