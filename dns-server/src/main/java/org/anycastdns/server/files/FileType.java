package org.anycastdns.server.files;

/// What a name in a folder stands for.
enum FileType {
    REGULAR,
    FOLDER,
    LINK,
    /// A FIFO, a device or a socket.
    OTHER;

    private static final int MASK = 0xf000;

    /// The type in the mode that the system tells.
    static FileType of(int mode) {
        return switch (mode & MASK) {
            case 0x8000 -> REGULAR;
            case 0x4000 -> FOLDER;
            case 0xa000 -> LINK;
            default -> OTHER;
        };
    }
}
