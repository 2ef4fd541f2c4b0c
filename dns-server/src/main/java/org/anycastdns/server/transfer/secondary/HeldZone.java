package org.anycastdns.server.transfer.secondary;

import java.util.List;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.zonefile.problem.Problem;

/// A version of a zone that is held, immutable.
interface HeldZone {

    /// Returns its SOA record, as the primary gave it.
    SoaRecord soa();

    /// Makes a later version. A thread of the pool calls it; this version stays as it is.
    ///
    /// @param steps the first begins at this version
    Outcome apply(List<IxfrStep> steps);

    /// What became of a version.
    sealed interface Outcome {

        /// Frees what it takes, because nobody wants it any more.
        default void discard() {}

        /// It is good, and held from now on.
        sealed interface Usable extends Outcome {

            /// Returns the version.
            HeldZone held();

            /// Returns warnings about its content.
            List<Problem> warnings();

            /// Returns how much memory it takes, in octets.
            long octets();
        }

        /// It is ready to serve.
        record Ready(HeldZone held, Delivery.Served served) implements Usable {

            @Override
            public List<Problem> warnings() {
                return served.problems();
            }

            @Override
            public long octets() {
                return served.image().octets();
            }

            /// An overlay is in the memory of the version before it, which was served.
            @Override
            public void discard() {
                if (served.image().overlay() == null) {
                    served.image().memory().close();
                }
            }
        }

        /// It is a catalog, which is not served.
        record Listed(HeldCatalog held, HeldCatalog.News news) implements Usable {

            @Override
            public List<Problem> warnings() {
                return List.of();
            }

            @Override
            public long octets() {
                return held.octets();
            }
        }

        /// The changes do not fit, so only the whole zone helps.
        ///
        /// @param reason for the operator, with the record
        record Diverged(String reason) implements Outcome {}

        /// It cannot be served.
        ///
        /// @param problem the first error
        record Unusable(Problem problem) implements Outcome {}
    }
}
