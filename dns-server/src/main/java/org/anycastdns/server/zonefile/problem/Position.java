package org.anycastdns.server.zonefile.problem;

/// A position in a file.
///
/// @param file file name as the operator would write it
/// @param line line number, from 1; 0 for something that has no lines
/// @param column octets from the start of the line, from 1; a tab counts as one
public record Position(String file, int line, int column) {

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
