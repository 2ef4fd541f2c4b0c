package org.anycastdns.server.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.SortedMap;

/// The few operations on files that the store uses, all in one folder. Tests let each of them fail,
/// and lose what was not forced.
interface FileLayer extends Closeable {

    /// Returns the sizes in octets of all files, by name.
    SortedMap<String, Long> sizes() throws IOException;

    /// Opens a file for reading and writing; creates it if there is none.
    StoreFile open(String name) throws IOException;

    /// Renames a file in one step; replaces a file that has the new name.
    void rename(String from, String to) throws IOException;

    /// Deletes a file; nothing happens if there is none.
    void delete(String name) throws IOException;

    /// Makes durable which names there are.
    void forceNames() throws IOException;

    /// A file that is open.
    interface StoreFile extends Closeable {

        /// Reads octets.
        ///
        /// @param at offset in the file
        /// @return how many there were; fewer than asked for only at the end of the file
        int read(byte[] to, int from, int count, long at) throws IOException;

        /// Writes octets. If it throws, some may have been written.
        ///
        /// @param at offset in the file, at most its size
        void write(byte[] octets, int count, long at) throws IOException;

        /// Cuts the file.
        ///
        /// @param size the new size, at most the present one
        void truncate(long size) throws IOException;

        /// Makes the content durable.
        void force() throws IOException;
    }
}
