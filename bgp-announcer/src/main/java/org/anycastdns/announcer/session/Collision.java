package org.anycastdns.announcer.session;

import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.announcer.session.State.Active;
import org.anycastdns.announcer.session.State.Established;
import org.anycastdns.announcer.session.State.Idle;
import org.anycastdns.announcer.session.State.OpenConfirm;

/// The result of connection collision detection (RFC 4271 section 6.8).
public enum Collision {
    /// The main connection stays and its rival is closed.
    KEEP,
    /// The rival replaces the main connection.
    TAKE,
    /// No decision is possible yet, because a connection has not accepted an OPEN.
    WAIT;

    /// Decides which of two connections stays. An established connection always stays. If the main
    /// one only waits in Active or Idle, the rival replaces it once its OPEN is accepted. Otherwise
    /// both ends reach the same result: the connection stays that the speaker with the higher BGP
    /// Identifier opened. If the identifiers are equal, the higher AS number decides (RFC 6286
    /// section 2.3). If the neighbor opened both, the newer one stays, because no speaker opens a
    /// second connection while the first works.
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
