package org.anycastdns.server.ops;

import java.io.IOException;
import org.anycastdns.server.wire.Name;

/// Writes the present version of a zone in the state folder as a master file. Any thread may use
/// it.
public interface ZoneExport {

    /// Returns whether a zone is in the state folder.
    boolean has(Name zone);

    /// Returns how often damage was found in the state folder since it was opened: zones that were
    /// left out, places of the log, missing files.
    long damages();

    /// Writes a zone.
    ///
    /// @param out gets ASCII characters and line feeds
    /// @throws IOException if the zone is not stored or cannot be read; the text says which
    void write(Name zone, Appendable out) throws IOException;
}
