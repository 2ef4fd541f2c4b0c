package org.anycastdns.server.transfer.dynamic;

/// What became of the operator's request to freeze or thaw a zone.
public sealed interface FreezeResult {

    /// It is done.
    ///
    /// @param serial the serial of the zone, an unsigned number in an int
    record Done(int serial) implements FreezeResult {}

    /// Nothing has changed.
    ///
    /// @param reason why, and what to do
    record Failed(String reason) implements FreezeResult {}
}
