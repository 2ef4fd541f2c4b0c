package org.anycastdns.server.differential;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Reply;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/// The intended differences from other servers, each with the reason why this server's response is
/// right or equally good. The versions are those of Debian 12: Knot 3.2, NSD 4.6, BIND 9.18.
enum Difference {
    /// The remaining content of a truncated response is not specified, and nobody may use it (RFC
    /// 2181 section 9).
    BOTH_TRUNCATED,
    /// Near the size limit, name compression and the order of glue matter. This server begins with
    /// the required glue (RFC 9471 section 3.1).
    NEAR_THE_LIMIT,
    /// Additional addresses, and glue outside the delegated zone, are optional (RFC 1034 section
    /// 4.3.2 step 6, RFC 9471 section 3.2). NSD and BIND send less.
    OPTIONAL_ADDRESSES,
    /// A wildcard that is an empty non-terminal. RFC 4035 section 3.1.3.4 requires the NSEC that
    /// covers the name, and the one that proves that the wildcard has no data. The other servers
    /// omit the second one, and validators reject that. Knot does so with opt-out NSEC3 too.
    EMPTY_WILDCARD,
    /// BIND turns a CNAME loop into SERVFAIL. The chain itself is right, and resolvers detect the
    /// loop (RFC 1034 section 3.6.2). A chain without end is told further than by BIND, or is
    /// truncated.
    CIRCLE,
    /// A query for NSEC at a CNAME asks for that NSEC itself (RFC 4035 section 2.5), so an NSEC3
    /// zone has no such data. NSD follows the CNAME.
    NSEC_AT_CNAME,
    /// At a zone cut, the parent answers only DS (RFC 4035 section 3.1.4.1). BIND also answers
    /// NSEC.
    NSEC_AT_CUT,
    /// An asterisk in QNAME is a label like any other (RFC 4592 section 2.1.1). If the name exists,
    /// the matching record suffices; NSD adds the proof for an expansion. If another wildcard
    /// matches it, that proof is needed; Knot omits it in an NSEC3 zone.
    LITERAL_WILDCARD,
    /// RFC 5155 section 7.2.5 requires the closest encloser's record too if a wildcard lacks the
    /// type. NSD omits it.
    CLOSEST_ENCLOSER,
    /// With opt-out, the closest provable encloser counts (RFC 5155 section 7.2.1). NSD denies the
    /// wildcard below one that cannot be proved.
    PROVABLE_ENCLOSER,
    /// After a DNAME, NSD covers the wildcard's name rather than the expanded name (RFC 4035
    /// section 3.1.3.3).
    WILDCARD_AFTER_DNAME,
    /// All glue inside the delegated zone must be sent, or TC set (RFC 9471 section 3.1). BIND
    /// omits some.
    REQUIRED_GLUE,
    /// NSEC and NSEC3 records and their signatures live no longer than negative answers, whatever
    /// TTL they have in the file (RFC 9077 section 3). Knot and NSD keep that TTL.
    DENIAL_TTL,
    /// A zone file without any TTL. This server uses the SOA's MINIMUM, as BIND does (RFC 1035
    /// section 3.3.13). Knot and NSD use 3600.
    NO_DEFAULT_TTL,
    /// A signature without its record set proves nothing. This server warns and does not serve it.
    /// Knot and NSD serve it for RRSIG queries.
    SIGNATURE_ALONE;

    private static final Pattern DENIAL = Pattern.compile("\\S+ \\d+ in (nsec3? |rrsig nsec3? ).*");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern TTL = Pattern.compile("^(\\S+) \\d+ ");

    /// Returns whether our response tells more of a chain, or would if it were not truncated.
    private static boolean isFurther(Reply ours, Reply theirs) {
        return !theirs.answer().isEmpty()
                && (ours.truncated() || ours.answer().containsAll(theirs.answer()));
    }

    /// Returns whether two responses differ only in TTLs.
    static boolean differsInTtl(Reply ours, Reply theirs) {
        return differsInTtl(ours, theirs, ANY);
    }

    /// Returns whether two responses differ only in the TTLs of some records.
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

    /// Returns the reason why two different responses to one query are both expected, or null.
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
                && (ours.answer().equals(theirs.answer()) || isFurther(ours, theirs))) {
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

    /// Returns whether all records that only the first set has are of one type, including
    /// signatures.
    private static boolean only(String type, Set<String> first, Set<String> second) {
        Set<String> extra = new TreeSet<>(first);
        extra.removeAll(second);
        return extra.stream().allMatch(text -> text.contains(type));
    }

    /// Returns the glue at or below the zone cut of a referral.
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
