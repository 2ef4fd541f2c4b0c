package org.anycastdns.server.transfer.catalog;

import java.util.Locale;
import org.anycastdns.server.wire.Name;

/// How a catalog is followed, for the operator.
///
/// @param members zones that are served because of it
/// @param waiting zones that it lists but which exist already, or have another owner
/// @param reason why it is not followed; empty unless broken or held back
public record CatalogStatus(
        Name catalog, Condition condition, int members, int waiting, String reason) {

    /// Whether the newest version is followed.
    public enum Condition {
        /// No version has been seen since the start.
        UNSEEN,
        /// The newest version is followed.
        FOLLOWED,
        /// The newest version is broken.
        BROKEN,
        /// The newest version loses too many members.
        HELD_BACK;

        /// Returns the name in JSON and in labels.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
