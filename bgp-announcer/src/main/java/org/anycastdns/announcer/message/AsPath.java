package org.anycastdns.announcer.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// The AS numbers a route went through, the nearest first (RFC 4271 section 5.1.2).
///
/// @param segments the segments in order
public record AsPath(List<Segment> segments) {

    /// No AS at all: a route that starts inside the neighbor's AS.
    public static final AsPath EMPTY = new AsPath(List.of());

    /// A part of a path.
    ///
    /// @param ordered AS_SEQUENCE, or AS_SET when false
    /// @param asns 1 to 255 AS numbers
    public record Segment(boolean ordered, List<Long> asns) {

        /// The most AS numbers in a segment: its count is one octet.
        public static final int ASNS_MAX = 255;

        public Segment {
            asns = List.copyOf(asns);
            if (asns.isEmpty() || asns.size() > ASNS_MAX) {
                throw new IllegalArgumentException("a segment of " + asns.size() + " AS numbers");
            }
        }
    }

    public AsPath {
        segments = List.copyOf(segments);
    }

    /// A path of one AS, so many times.
    public static AsPath repeated(long asn, int times) {
        return new AsPath(List.of(new Segment(true, Collections.nCopies(times, asn))));
    }

    /// All AS numbers in order, sets flattened.
    public List<Long> asns() {
        return segments.stream().flatMap(segment -> segment.asns.stream()).toList();
    }

    /// The length as route selection counts it: a set counts as one (RFC 4271 section 9.1.2.2).
    int hops() {
        return segments.stream()
                .mapToInt(segment -> segment.ordered ? segment.asns.size() : 1)
                .sum();
    }

    boolean needsFourOctets() {
        return asns().stream().anyMatch(asn -> asn > 0xffff);
    }

    /// The path of a two-octet speaker with the AS4_PATH it passed on filled in: the leading hops
    /// that AS4_PATH does not cover stay (RFC 6793 section 4.2.3).
    AsPath completedBy(AsPath four) {
        int uncovered = hops() - four.hops();
        if (uncovered < 0) {
            return this;
        }
        List<Segment> leading = new ArrayList<>();
        for (Segment segment : segments) {
            int size = segment.ordered ? segment.asns.size() : 1;
            if (uncovered >= size) {
                leading.add(segment);
            } else if (uncovered > 0) {
                leading.add(new Segment(true, segment.asns.subList(0, uncovered)));
            }
            uncovered = Math.max(0, uncovered - size);
        }
        return new AsPath(Stream.concat(leading.stream(), four.segments.stream()).toList());
    }
}
