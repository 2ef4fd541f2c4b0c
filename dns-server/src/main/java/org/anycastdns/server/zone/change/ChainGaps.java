package org.anycastdns.server.zone.change;

import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.HashChain;
import org.anycastdns.server.zone.NsecChain;
import org.anycastdns.server.zone.NumberList;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;

/// Limits how many entries that are gone a lookup in a chain may have to step over.
final class ChainGaps {

    /// The most entries in a row that may be gone: a lookup steps over them in less time than it
    /// takes to hash a name.
    private static final int GAP_MAX = 64;

    private final Zone zone;

    ChainGaps(Zone zone) {
        this.zone = zone;
    }

    /// Throws if a gap becomes too long.
    ///
    /// @param gone first numbers of NSEC3 entries that the change removes
    void check(Collection<DraftNames.Draft> drafts, List<Integer> gone) throws NeedsBuildException {
        Overlay overlay = zone.overlay();
        if (overlay == null) {
            return;
        }
        if (zone.denial() == Denial.NSEC) {
            NsecChain chain = zone.nsecChain();
            IntPredicate proves = first -> overlay.proving(first) != Zone.NONE;
            NameBuffer name = new NameBuffer();
            for (DraftNames.Draft draft : drafts) {
                name.set(draft.name.wire(), 0);
                int at = chain.indexAtOrBefore(name);
                checkBase(i -> proves.test(chain.node(i)), at, chain.length());
                checkAdded(proves, overlay.nsec(), overlay.nsec().floor(chain, name));
            }
        }
        HashChain chain = zone.hashChain();
        NumberList added = overlay.hashes();
        IntPredicate living = first -> overlay.presentEntry(chain, first) != Overlay.GONE;
        for (int first : gone) {
            if (first < chain.length()) {
                checkBase(living, first, chain.length());
            } else {
                checkAdded(living, added, added.floor(chain::compare, first));
            }
        }
    }

    private static void checkBase(IntPredicate living, int at, int length)
            throws NeedsBuildException {
        check(living, at, i -> i - 1, i -> i + 1 < length ? i + 1 : NumberList.NOWHERE);
    }

    private static void checkAdded(IntPredicate living, NumberList added, int at)
            throws NeedsBuildException {
        check(i -> living.test(added.at(i)), at, added::before, added::after);
    }

    private static void check(
            IntPredicate living, int at, IntUnaryOperator before, IntUnaryOperator after)
            throws NeedsBuildException {
        int gap = gap(living, at, before) + gap(living, after.applyAsInt(at), after);
        NeedsBuildException.unless(gap <= GAP_MAX, "many neighbors of a chain are gone");
    }

    private static int gap(IntPredicate living, int from, IntUnaryOperator next) {
        int gap = 0;
        for (int at = from; at != NumberList.NOWHERE && gap <= GAP_MAX; at = next.applyAsInt(at)) {
            if (living.test(at)) {
                return gap;
            }
            gap++;
        }
        return gap;
    }
}
