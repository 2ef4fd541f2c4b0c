package org.anycastdns.server.differential;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Reply;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/// The differences to other servers that are intended, each with the reason why ours is right or as
/// good. The versions are those of Debian 12: Knot 3.2, NSD 4.6, BIND 9.18.
enum Difference {
    /// What is left in a truncated response is free, and nobody may use it (RFC 2181 section 9).
    BOTH_TRUNCATED,
    /// Near the limit it counts how well names are compressed, and in which order glue is tried:
    /// ours starts with the glue that is required (RFC 9471 section 3.1).
    NEAR_THE_LIMIT,
    /// Addresses beside the answer, and glue outside the delegated zone, are a favor (RFC 1034
    /// section 4.3.2 step 6, RFC 9471 section 3.2): NSD and BIND give less.
    OPTIONAL_ADDRESSES,
    /// A wildcard that is an empty non-terminal: RFC 4035 section 3.1.3.4 asks for the NSEC that
    /// covers the name and for the one that proves that the wildcard has no data; the others leave
    /// the second one out, and validators reject that. Knot does so with opt-out's NSEC3 too.
    EMPTY_WILDCARD,
    /// BIND turns a circle of CNAMEs into SERVFAIL; the chain itself is right, and resolvers find
    /// the circle (RFC 1034 section 3.6.2).
    CIRCLE,
    /// NSEC beside a CNAME is asked for itself (RFC 4035 section 2.5), so in an NSEC3 zone there is
    /// no such data; NSD follows the CNAME.
    NSEC_AT_CNAME,
    /// At a cut only DS is answered by the parent (RFC 4035 section 3.1.4.1); BIND also answers
    /// NSEC.
    NSEC_AT_CUT,
    /// An asterisk in QNAME is like any other label (RFC 4592 section 2.1.1): where the name
    /// exists, the record that matches it is enough, and NSD adds the proof for an expansion; where
    /// another wildcard stands for it, that proof is needed, and Knot leaves it out in an NSEC3
    /// zone.
    LITERAL_WILDCARD,
    /// RFC 5155 section 7.2.5 asks for the closest encloser's record too when a wildcard lacks the
    /// type; NSD leaves it out.
    CLOSEST_ENCLOSER,
    /// With opt-out the closest encloser is the one that can be proven (RFC 5155 section 7.2.1);
    /// NSD denies the wildcard below one that cannot.
    PROVABLE_ENCLOSER,
    /// After a DNAME, NSD covers the wildcard's name and not the one that was expanded (RFC 4035
    /// section 3.1.3.3).
    WILDCARD_AFTER_DNAME,
    /// All glue inside the delegated zone, or TC (RFC 9471 section 3.1): BIND leaves some out.
    REQUIRED_GLUE,
    /// NSEC and NSEC3 records live no longer than negative answers, whatever TTL they were given
    /// (RFC 9077 section 3), and neither do their signatures; Knot and NSD keep that TTL.
    DENIAL_TTL,
    /// A zone file that gives no TTL: ours takes the SOA's MINIMUM, as BIND does (RFC 1035 section
    /// 3.3.13), Knot and NSD take 3600.
    NO_DEFAULT_TTL,
    /// A signature whose record set is missing proves nothing: ours warns and does not serve it,
    /// Knot and NSD do when RRSIG is asked for.
    SIGNATURE_ALONE;

    private static final Pattern DENIAL = Pattern.compile("\\S+ \\d+ in (nsec3? |rrsig nsec3? ).*");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern TTL = Pattern.compile("^(\\S+) \\d+ ");

    /// Whether two replies are the same but for TTLs.
    static boolean differsInTtl(Reply ours, Reply theirs) {
        return differsInTtl(ours, theirs, ANY);
    }

    /// Whether two replies are the same but for the TTLs of some records.
    private static boolean differsInTtl(Reply ours, Reply theirs, Pattern records) {
        return ours.status().equals(theirs.status())
                && withoutTtl(ours.answer(), records).equals(withoutTtl(theirs.answer(), records))
                && withoutTtl(ours.authority(), records)
                        .equals(withoutTtl(theirs.authority(), records))
                && withoutTtl(ours.additional(), records)
                        .equals(withoutTtl(theirs.additional(), records));
    }

    private static Set<String> withoutTtl(Set<String> section, Pattern records) {
        Set<String> without = new TreeSet<>();
        for (String text : section) {
            boolean counts = records.matcher(text).matches();
            without.add(counts ? TTL.matcher(text).replaceFirst("$1 ") : text);
        }
        return without;
    }

    /// The reason why two different replies to one question are both to be expected, or null.
    ///
    /// @param peer Knot, NSD or BIND
    static @Nullable Difference explain(
            String peer, String name, int type, int ednsSize, Reply ours, Reply theirs) {
        if (ours.truncated() && theirs.truncated() && ours.status().equals(theirs.status())) {
            return BOTH_TRUNCATED;
        }
        if (ours.truncated() != theirs.truncated()
                && ours.complete().equals(theirs.complete())
                && Math.max(ours.octets(), theirs.octets()) > 0.7 * Math.max(512, ednsSize)) {
            return NEAR_THE_LIMIT;
        }
        if (peer.equals("BIND")
                && theirs.status().startsWith("SERVFAIL")
                && ours.answer().equals(theirs.answer())) {
            return CIRCLE;
        }
        if (type == Type.NSEC && peer.equals("NSD") && theirs.answer().containsAll(ours.answer())) {
            return NSEC_AT_CNAME;
        }
        if (type == Type.NSEC && peer.equals("BIND") && ours.status().equals("NOERROR")) {
            return NSEC_AT_CUT;
        }
        if (type == Type.RRSIG
                && ours.answer().isEmpty()
                && theirs.answer().stream().allMatch(text -> text.contains(" in rrsig "))) {
            return SIGNATURE_ALONE;
        }
        if (differsInTtl(ours, theirs, DENIAL)) {
            return DENIAL_TTL;
        }
        if (!ours.status().equals(theirs.status()) || !ours.answer().equals(theirs.answer())) {
            return null;
        }
        return explainSections(peer, name, ours, theirs);
    }

    private static @Nullable Difference explainSections(
            String peer, String name, Reply ours, Reply theirs) {
        if (ours.authority().equals(theirs.authority())) {
            Set<String> glue = requiredGlue(ours);
            Set<String> theirGlue = requiredGlue(theirs);
            if (glue.equals(theirGlue)) {
                return OPTIONAL_ADDRESSES;
            }
            return peer.equals("BIND") && glue.containsAll(theirGlue) ? REQUIRED_GLUE : null;
        }
        boolean asterisk = name.startsWith("*.");
        boolean less = ours.authority().containsAll(theirs.authority());
        boolean noData = ours.status().equals("NOERROR AA");
        boolean optOut = ours.authority().stream().anyMatch(text -> text.contains(" nsec3 1 1 "));
        if (less && only(" nsec ", ours.authority(), theirs.authority())) {
            return EMPTY_WILDCARD;
        }
        if (less && only(" nsec3 ", ours.authority(), theirs.authority())) {
            if (peer.equals("NSD") && noData) {
                return CLOSEST_ENCLOSER;
            }
            return asterisk ? LITERAL_WILDCARD : noData && optOut ? EMPTY_WILDCARD : null;
        }
        boolean proofs =
                only(" nsec ", theirs.authority(), ours.authority())
                        || only(" nsec3 ", theirs.authority(), ours.authority());
        if (!peer.equals("NSD") || !proofs) {
            return null;
        }
        boolean dname = ours.answer().stream().anyMatch(text -> text.contains(" in dname "));
        if (dname && only(" nsec ", ours.authority(), theirs.authority())) {
            return WILDCARD_AFTER_DNAME;
        }
        return asterisk ? LITERAL_WILDCARD : optOut ? PROVABLE_ENCLOSER : null;
    }

    /// Whether all that the first set has beyond the second is of one type, signatures included.
    private static boolean only(String type, Set<String> first, Set<String> second) {
        Set<String> extra = new TreeSet<>(first);
        extra.removeAll(second);
        return extra.stream().allMatch(text -> text.contains(type));
    }

    /// Glue at or below the cut of a referral.
    private static Set<String> requiredGlue(Reply reply) {
        Set<String> glue = new TreeSet<>(reply.additional());
        String cut =
                reply.authority().stream()
                        .filter(text -> text.contains(" in ns "))
                        .map(text -> text.substring(0, text.indexOf(' ')))
                        .findFirst()
                        .orElse("");
        glue.removeIf(text -> {
            String owner = text.substring(0, text.indexOf(' ')).toLowerCase(Locale.ROOT);
            return cut.isEmpty() || !(owner.equals(cut) || owner.endsWith("." + cut));
        });
        return glue;
    }
}
