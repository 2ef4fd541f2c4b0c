package org.anycastdns.announcer.session;

import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.State.Active;
import org.anycastdns.announcer.session.State.Established;
import org.anycastdns.announcer.session.State.Idle;
import org.anycastdns.announcer.session.State.OpenConfirm;

/// What becomes of two connections with the same neighbor (RFC 4271 section 6.8).
public enum Collision {
    /// The main one stays, its rival goes.
    KEEP,
    /// The rival takes the main one's place.
    TAKE,
    /// Too early to tell: one of them has yet to show that it works.
    WAIT;

    /// Decides between the two. An established one always stays, and where ours is only waited for,
    /// the neighbor's takes its place once its OPEN is there; else both ends come to the same
    /// result, since the one that stays was opened by the speaker with the higher BGP Identifier,
    /// or AS number if these are equal (RFC 6286 section 2.3). Of two that the neighbor opened the
    /// newer one is meant: nobody opens a second while the first works.
    ///
    /// @param local this speaker
    /// @param rival the newer of the two
    static Collision between(Local local, NeighborConnection main, NeighborConnection rival) {
        if (main.state() instanceof Established) {
            return KEEP;
        }
        if (rival.state() instanceof Established) {
            return TAKE;
        }
        if (main.state() instanceof Active || main.state() instanceof Idle) {
            return rival.state() instanceof OpenConfirm ? TAKE : WAIT;
        }
        if (!(main.state() instanceof OpenConfirm)
                || !(rival.state() instanceof OpenConfirm confirm)) {
            return WAIT;
        }
        if (main.incoming() == rival.incoming()) {
            return TAKE;
        }
        boolean oursStays = higher(local, confirm.peer());
        return oursStays == main.incoming() ? TAKE : KEEP;
    }

    private static boolean higher(Local local, Peer peer) {
        RouterId ours = local.routerId();
        int order = ours.compareTo(peer.routerId());
        return order == 0 ? local.asn() > peer.asn() : order > 0;
    }
}
