package org.anycastdns.server.zonefile;

/// A place in a file.
///
/// @param file the name as the operator would write it
/// @param line from 1 on
/// @param column octets from the start of the line, from 1 on; a tab counts one
public record Position(String file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
