package org.anycastdns.server.transfer.catalog;

import java.util.List;

/// What follows from an input of {@link Membership}.
///
/// @param actions to be carried out in order
/// @param saved to be appended to what was saved, after the actions have been carried out
public record MembershipStep(List<MemberAction> actions, byte[] saved) {

    public MembershipStep {
        actions = List.copyOf(actions);
    }
}
