package org.anycastdns.server.zone.change;

import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.NsecChain;
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
            NameBuffer name = new NameBuffer();
            for (DraftNames.Draft draft : drafts) {
                name.set(draft.name.wire(), 0);
                check(
                        i -> overlay.proving(chain.node(i)) == Zone.NONE,
                        chain.indexAtOrBefore(name),
                        chain.length());
            }
        }
        int length = zone.hashChain().length();
        int[] added = overlay.hashes();
        for (int first : gone) {
            if (first < length) {
                check(i -> overlay.presentEntry(i) == Overlay.GONE, first, length);
            } else {
                int at = 0;
                while (added[at] != first) {
                    at++;
                }
                check(i -> overlay.presentEntry(added[i]) == Overlay.GONE, at, added.length);
            }
        }
    }

    private static void check(IntPredicate gone, int at, int length) throws NeedsBuildException {
        int gap = 0;
        for (int i = at; i >= 0 && gap <= GAP_MAX && gone.test(i); i--) {
            gap++;
        }
        for (int i = at + 1; i < length && gap <= GAP_MAX && gone.test(i); i++) {
            gap++;
        }
        NeedsBuildException.unless(gap <= GAP_MAX, "many neighbors of a chain are gone");
    }
}
