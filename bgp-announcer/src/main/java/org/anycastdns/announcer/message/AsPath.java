package org.anycastdns.announcer.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// The AS path of a route, nearest AS first (RFC 4271 section 5.1.2).
///
/// @param segments the segments in order
public record AsPath(List<Segment> segments) {

    /// The empty path, for a route that originates inside the neighbor's AS.
    public static final AsPath EMPTY = new AsPath(List.of());

    /// A segment of an AS path.
    ///
    /// @param ordered true for AS_SEQUENCE, false for AS_SET
    /// @param asns 1 to 255 AS numbers
    public record Segment(boolean ordered, List<Long> asns) {

        /// The maximum number of AS numbers in a segment; the count field is one octet.
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

    /// Returns a path that contains one AS number the given number of times.
    public static AsPath repeated(long asn, int times) {
        return new AsPath(List.of(new Segment(true, Collections.nCopies(times, asn))));
    }

    /// Returns all AS numbers in order, including the members of sets.
    public List<Long> asns() {
        return segments.stream().flatMap(segment -> segment.asns.stream()).toList();
    }

    /// Returns the path length for route selection; a set counts as one (RFC 4271 section 9.1.2.2).
    int hops() {
        return segments.stream()
                .mapToInt(segment -> segment.ordered ? segment.asns.size() : 1)
                .sum();
    }

    boolean needsFourOctets() {
        return asns().stream().anyMatch(asn -> asn > 0xffff);
    }

    /// Returns this AS_PATH from a two-octet speaker, merged with its AS4_PATH. The leading hops
    /// that AS4_PATH does not cover are kept (RFC 6793 section 4.2.3).
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
