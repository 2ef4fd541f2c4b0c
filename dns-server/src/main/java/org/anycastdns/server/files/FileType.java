package org.anycastdns.server.files;

/// The type of an entry in a folder.
enum FileType {
    REGULAR,
    FOLDER,
    LINK,
    /// A FIFO, a device or a socket.
    OTHER;

    private static final int MASK = 0xf000;

    /// Returns the type encoded in a file mode.
    static FileType of(int mode) {
        return switch (mode & MASK) {
            case 0x8000 -> REGULAR;
            case 0x4000 -> FOLDER;
            case 0xa000 -> LINK;
            default -> OTHER;
        };
    }
}
