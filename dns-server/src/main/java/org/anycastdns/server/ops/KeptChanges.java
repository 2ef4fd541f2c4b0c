package org.anycastdns.server.ops;

import java.io.IOException;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;

/// The changes of zones that are kept, for secondaries and for the operator. Any thread may use it.
@FunctionalInterface
public interface KeptChanges {

    /// Returns the changes that lead to the present version, the oldest first; none if none are
    /// kept.
    ///
    /// @throws IOException if they cannot be read
    List<IxfrStep> of(Name zone) throws IOException;
}
