package org.anycastdns.announcer.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The names of the well-known communities, from IANA's registry "BGP Well-known Communities".
final class WellKnown {

    /// The upper half of every well-known community.
    private static final int ASN = 0xffff;

    /// The lower halves by name, as IANA lists them, in lower case with dashes.
    private static final Map<String, Integer> VALUES = values();

    private WellKnown() {}

    private static Map<String, Integer> values() {
        Map<String, Integer> values = new LinkedHashMap<>();
        values.put("graceful-shutdown", 0); // RFC 8326
        values.put("accept-own", 1); // RFC 7611
        values.put("route-filter-translated-v4", 2); // draft-l3vpn-legacy-rtc
        values.put("route-filter-v4", 3);
        values.put("route-filter-translated-v6", 4);
        values.put("route-filter-v6", 5);
        values.put("llgr-stale", 6); // RFC 9494
        values.put("no-llgr", 7);
        values.put("accept-own-nexthop", 8); // draft-agrewal-idr-accept-own-nexthop
        values.put("standby-pe", 9); // RFC 9026
        values.put("blackhole", 666); // RFC 7999
        values.put("no-export", 0xff01); // RFC 1997
        values.put("no-advertise", 0xff02);
        values.put("no-export-subconfed", 0xff03);
        values.put("no-peer", 0xff04); // RFC 3765
        return Collections.unmodifiableMap(values);
    }

    /// Returns the community of a name, in either case, with dashes or underscores.
    ///
    /// @throws IllegalArgumentException when no community has this name; the message lists all
    static Community parse(String name) {
        Integer value = VALUES.get(name.toLowerCase(Locale.ROOT).replace('_', '-'));
        if (value == null) {
            throw new IllegalArgumentException(
                    "'%s' is no well-known community (%s)"
                            .formatted(name, String.join(", ", VALUES.keySet())));
        }
        return new Community(ASN, value);
    }

    /// Returns the name of a community, or its numbers if it has none.
    static String label(Community community) {
        return VALUES.entrySet().stream()
                .filter(one -> community.equals(new Community(ASN, one.getValue())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(community::toString);
    }
}
