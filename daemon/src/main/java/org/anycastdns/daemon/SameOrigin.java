package org.anycastdns.daemon;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decides whether an HTTP request may come from a web page of another origin (RFC 6454). The admin
/// HTTP server refuses such requests: a page that an operator has open must neither drain a site
/// nor read its state. Other programs send none of these headers except Host, and are not affected.
///
/// ```
///   Host            an IP address, localhost or a configured name: any other name may be one that
///                   an attacker's DNS points here (DNS rebinding)
///   Origin          absent, or http:// and exactly the Host: "null" and other ports are foreign
///   Sec-Fetch-Site  absent, same-origin or none (typed by the user): not cross-site, not same-site
///   Upgrade         not websocket, which pages may open to any origin
/// ```
public final class SameOrigin {

    /// Response headers that stop browsers from letting another origin read, frame or sniff a
    /// response.
    public static final List<String[]> RESPONSE_HEADERS =
            List.of(
                    new String[] {"Cross-Origin-Resource-Policy", "same-origin"},
                    new String[] {"X-Content-Type-Options", "nosniff"},
                    new String[] {
                        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
                    });

    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    /// Four decimal numbers: browsers convert every other form of an IPv4 address to this one.
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /// An IPv6 address in brackets (RFC 3986 section 3.2.2), with an optional zone as in RFC 6874.
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+(%[0-9a-z%._-]+)?\\]");

    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");

    private final Set<String> names = new TreeSet<>(Set.of("localhost"));

    /// Creates a rule that accepts these host names in addition to IP addresses and localhost.
    public SameOrigin(Iterable<String> names) {
        names.forEach(name -> this.names.add(name(name.toLowerCase(Locale.ROOT))));
    }

    /// Returns why a request must be refused, in a sentence for its sender, or null if it may be
    /// answered. Each argument holds all values of the header of that name.
    public @Nullable String refusal(
            List<String> host, List<String> origin, List<String> fetchSite, List<String> upgrade) {
        String asked = host.isEmpty() ? "" : host.getFirst().strip().toLowerCase(Locale.ROOT);
        if (host.size() > 1) {
            return "more than one Host header";
        }
        if (!host.isEmpty() && !isOwn(asked)) {
            return "Host must be an IP address, localhost or a name in 'admin-names', because a"
                    + " web page can give this address any other name";
        }
        for (String site : fetchSite) {
            if (!OWN_SITES.contains(site.strip().toLowerCase(Locale.ROOT))) {
                return "requests of web pages from other sites are refused";
            }
        }
        for (String from : origin) {
            if (asked.isEmpty()
                    || !from.strip().toLowerCase(Locale.ROOT).equals("http://" + asked)) {
                return "requests of web pages from other origins are refused";
            }
        }
        for (String protocol : upgrade) {
            if (protocol.toLowerCase(Locale.ROOT).contains("websocket")) {
                return "WebSocket is not supported";
            }
        }
        return null;
    }

    private boolean isOwn(String host) {
        String name = name(PORT.matcher(host).replaceFirst(""));
        return IPV4.matcher(name).matches() || IPV6.matcher(name).matches() || names.contains(name);
    }

    /// Returns a host name without its final dot.
    private static String name(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
